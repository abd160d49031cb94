"""What orders are called in the counter's queue."""

from collections.abc import Collection

from luukku.core.duty import Called
from luukku.orders.models import Order
from luukku.orders.queries import with_orderer


def called(keys: Collection[int]) -> dict[int, Called]:
    """Return what these orders are called in lists at the counter."""
    rows = Order.objects.filter(pk__in=keys).values_list("pk", "title", "organisation__name")
    return {pk: Called(f"{title} · {organisation}") for pk, title, organisation in rows}


def called_by_contact(keys: Collection[int]) -> dict[int, Called]:
    """Return the same with whom to call about each."""
    rows = Order.objects.filter(pk__in=keys).select_related("organisation", "contact")
    return {
        order.pk: Called(
            with_orderer(order),
            order.contact.name if order.contact else "",
            order.contact.phone if order.contact else "",
        )
        for order in rows
    }
