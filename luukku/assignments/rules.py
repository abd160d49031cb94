"""Who may do what to an offer and to an assignment."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine, is_self
from luukku.assignments.models import Assignment, Offer, Origin, Undo
from luukku.orders.rules import is_own as is_own_order


@rules.predicate
def is_offered(user: User, offer: Offer | None) -> bool:
    """The expert to whom the offer was made, or who signed up."""
    return offer is not None and offer.expert.user_id == user.pk


@rules.predicate
def answers(user: User, offer: Offer | None) -> bool:
    """The side that has not spoken yet: the expert for a proposal, the counter for a sign-up."""
    if offer is None:
        return False
    if offer.origin == Origin.SIGNED_UP:
        return getattr(user, "is_counter", False)
    return offer.expert.user_id == user.pk


@rules.predicate
def has_made(user: User, offer: Offer | None) -> bool:
    """The side that spoke first, and may take it back."""
    if offer is None:
        return False
    if offer.origin == Origin.SIGNED_UP:
        return offer.expert.user_id == user.pk
    return getattr(user, "is_counter", False)


@rules.predicate
def may_return(user: User, offer: Offer | None) -> bool:
    """The expert, unless somebody else has ended it: a no to the own sign-up, or a task that others cancelled."""
    return offer is not None and offer.expert.user_id == user.pk and offer.is_left_to_expert()


@rules.predicate
def is_assigned(user: User, assignment: Assignment | None) -> bool:
    """The expert of the assignment."""
    return assignment is not None and assignment.expert.user_id == user.pk


@rules.predicate
def has_ordered(user: User, assignment: Assignment | None) -> bool:
    """The orderer of the assignment."""
    return assignment is not None and is_own_order.test(user, assignment.order)


@rules.predicate
def has_done(user: User, undo: Undo | None) -> bool:
    """The one who did what may be taken back."""
    return undo is not None and undo.by_id == user.pk


rules.add_perm("assignments.view_offer", is_counter | is_offered)
rules.add_perm("assignments.propose", is_counter)
rules.add_perm("assignments.accept", answers)
rules.add_perm("assignments.accept_after_all", is_counter | may_return)
rules.add_perm("assignments.decline", answers)
rules.add_perm("assignments.withdraw", has_made | is_machine)
rules.add_perm("assignments.expire", is_machine | is_counter)
rules.add_perm("assignments.change_time", is_counter)
rules.add_perm("assignments.undo", is_counter & has_done)
rules.add_perm("assignments.view", is_counter | is_assigned | has_ordered)
rules.add_perm("assignments.finish", is_counter | is_assigned | has_ordered | is_machine)
rules.add_perm("assignments.cancel", is_counter | is_assigned | has_ordered)
rules.add_perm("assignments.keep_task", is_counter)
rules.add_perm("assignments.new_calendar_key", is_self)
