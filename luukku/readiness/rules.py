"""Who sees and does what of remote readiness: the expert, the counter; an order's orderer; a loan's lender."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine
from luukku.experts.rules import is_own as is_own_profile
from luukku.orders.rules import is_own as is_own_order
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for
from luukku.readiness.models import Device, Loan, Readiness


@rules.predicate
def is_own(user: User, test: Readiness | None) -> bool:
    """Is about the person."""
    return test is not None and test.expert.user_id == user.pk


@rules.predicate
def keeps_it(user: User, device: Device | None) -> bool:
    """Stands behind experts in the name of the organisation whose device it is."""
    return device is not None and stands_for(user, device.organisation_id, MemberRole.BACKGROUND)


@rules.predicate
def borrows_it(user: User, loan: Loan | None) -> bool:
    """Is who borrows."""
    return loan is not None and loan.expert is not None and loan.expert.user_id == user.pk


@rules.predicate
def lends_it(user: User, loan: Loan | None) -> bool:
    """Stands behind experts in the name of the organisation that lends."""
    return loan is not None and stands_for(user, loan.lender_id, MemberRole.BACKGROUND)


rules.add_perm("readiness.view", is_own | is_counter)
rules.add_perm("readiness.try_out", is_own_profile | is_counter)
rules.add_perm("readiness.note_practice", is_counter & ~is_own)
rules.add_perm("readiness.tell_tried", is_counter | is_own_order)
rules.add_perm("readiness.take_back_tried", is_counter | is_own_order)

rules.add_perm("readiness.view_device", is_counter | keeps_it)
rules.add_perm("readiness.keep_device", is_counter | keeps_it)
rules.add_perm("readiness.view_loan", is_counter | borrows_it | lends_it)
rules.add_perm("readiness.ask_loan", is_own_profile | is_counter)
rules.add_perm("readiness.cancel_loan", borrows_it | is_counter)
rules.add_perm("readiness.ask_longer", borrows_it | is_counter)
answers_it = (is_counter | lends_it) & ~borrows_it
for act in (
    "grant_loan",
    "swap_device",
    "refuse_loan",
    "hand_out_loan",
    "receive_loan",
    "lose_loan",
):
    rules.add_perm(f"readiness.{act}", answers_it)
for act in ("grant_longer", "refuse_longer"):
    rules.add_perm(f"readiness.{act}", answers_it)
rules.add_perm("readiness.lapse_loan", is_machine)
