"""Who may give and read feedback."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine
from luukku.assignments.rules import has_ordered, is_assigned
from luukku.events.models import SignUp
from luukku.events.rules import is_own as is_own_sign_up
from luukku.feedback.models import Debrief, EventFeedback, Feedback, WhatChanged
from luukku.orders.rules import is_own as is_own_order


@rules.predicate
def has_given(user: User, feedback: Feedback | None) -> bool:
    """Gave the feedback."""
    return feedback is not None and feedback.given_by_id == user.pk


@rules.predicate
def has_asked(user: User, debrief: Debrief | None) -> bool:
    """Asked for the talk."""
    return debrief is not None and debrief.asked_by_id == user.pk


@rules.predicate
def sees_its_order(user: User, changed: WhatChanged | None) -> bool:
    """May see the order that the question about change concerns."""
    return changed is not None and user.has_perm("orders.view", changed.order)


@rules.predicate
def is_told(user: User, changed: WhatChanged | None) -> bool:
    """Is an expert of the order, once the orderer has answered."""
    return (
        changed is not None
        and changed.answered_at is not None
        and changed.order.assignments.filter(expert__user=user.pk).exists()
    )


@rules.predicate
def is_guests(user: User, sign_up: SignUp | None) -> bool:
    """A guest's sign-up; the signed link in their letter is the right."""
    return sign_up is not None and sign_up.is_guest


@rules.predicate
def told_of_event(user: User, given: EventFeedback | None) -> bool:
    """Told what the event was like."""
    return given is not None and is_own_sign_up(user, given.sign_up)


rules.add_perm("feedback.view", is_counter | has_given)
rules.add_perm("feedback.view_debrief", is_counter | has_asked)
rules.add_perm("feedback.view_changed", sees_its_order | is_told)
rules.add_perm("feedback.give_as_expert", is_assigned)
rules.add_perm("feedback.give_as_orderer", has_ordered)
rules.add_perm("feedback.read", is_counter)
rules.add_perm("feedback.tell_what_changed", is_own_order)
rules.add_perm("feedback.ask_debrief", is_assigned | has_ordered)
rules.add_perm("feedback.hold_debrief", is_counter)
rules.add_perm("feedback.drop_debrief", is_counter)
rules.add_perm("feedback.view_of_event", told_of_event)
# Behind a guest's signed link the machine acts; nobody who signs in does.
rules.add_perm("feedback.tell_of_event", is_own_sign_up | is_machine & is_guests)
