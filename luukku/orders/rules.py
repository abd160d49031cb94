"""Who may do what to an order."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_admin, is_counter, is_machine
from luukku.orders.models import ChangeRequest, Order, TimeQuestion
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for


@rules.predicate
def is_own(user: User, order: Order | None) -> bool:
    """Orders now for the organisation of the order; having been its contact person is not enough."""
    return (
        order is not None
        and order.organisation_id is not None
        and stands_for(user, order.organisation_id, MemberRole.ORDERER)
    )


@rules.predicate
def is_about_own(user: User, asked: ChangeRequest | TimeQuestion | None) -> bool:
    """Asked about an order of one's own organisation."""
    return asked is not None and is_own.test(user, asked.order)


rules.add_perm("orders.view", is_counter | is_own)
rules.add_perm("orders.view_change", is_counter | is_about_own)
rules.add_perm("orders.view_time_question", is_counter | is_about_own)
rules.add_perm("orders.edit", is_counter | is_own)
rules.add_perm("orders.copy", is_counter | is_own)
rules.add_perm("orders.set_times", is_counter)
rules.add_perm("orders.ask_time", is_counter)
rules.add_perm("orders.close_time", is_counter)
rules.add_perm("orders.answer_time", is_own)
rules.add_perm("orders.set_link", is_counter | is_own)
# Who closes an account names who takes its orders over, and sees none of them.
rules.add_perm("orders.change_contact", is_counter | is_own | is_admin)
rules.add_perm("orders.ask_change", is_own)
rules.add_perm("orders.answer_change", is_counter)
rules.add_perm("orders.change_details", is_counter)
rules.add_perm("orders.set_payment", is_counter)
rules.add_perm("orders.want_fewer", is_counter | is_own)
rules.add_perm("orders.send", is_counter | is_own)
rules.add_perm("orders.accept", is_counter)
rules.add_perm("orders.decline", is_counter)
rules.add_perm("orders.search", is_counter)
rules.add_perm("orders.staff", is_counter | is_machine)
rules.add_perm("orders.reopen", is_counter | is_machine)
rules.add_perm("orders.finish", is_counter | is_own | is_machine)
rules.add_perm("orders.close", is_counter | is_machine)
rules.add_perm("orders.cancel", is_counter | is_own | is_machine)
rules.add_perm("orders.give_up", is_counter)
