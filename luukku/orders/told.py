"""Who is told of an order on its orderer's side."""

from __future__ import annotations

from collections.abc import Iterable

from luukku.accounts.models import User
from luukku.orders.models import Order
from luukku.organisations.models import MemberRole, Membership


def told_of(orders: Iterable[Order]) -> dict[int, User]:
    """Return who is told of each order, by its key: its contact person while they order for the organisation, else a
    colleague; in two queries for many as for one.

    An order is left out when nobody orders for its organisation now; the counter's queue says so.
    """
    orders = list(orders)
    standing = Membership.objects.standing(MemberRole.ORDERER).select_related("user")
    contacts = standing.filter(
        user__in={order.contact_id for order in orders},
        organisation__in={order.organisation_id for order in orders},
    )
    own: dict[tuple[int | None, int | None], User]
    own = {(one.organisation_id, one.user_id): one.user for one in contacts}
    left = {o.organisation_id for o in orders if (o.organisation_id, o.contact_id) not in own}
    first = standing.filter(organisation__in=left).distinct("organisation")
    by_rank = first.order_by("organisation", "-is_contact", "added_at", "pk") if left else ()
    colleagues: dict[int | None, User] = {one.organisation_id: one.user for one in by_rank}
    told = {}
    for order in orders:
        person = own.get((order.organisation_id, order.contact_id))
        if (person := person or colleagues.get(order.organisation_id)) is not None:
            told[order.pk] = person
    return told


def to_orderer(order: Order) -> list[User]:
    """Return who is told of one order, as ``told_of`` has it; nobody where nobody is."""
    return list(told_of([order]).values())
