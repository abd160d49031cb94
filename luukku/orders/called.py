"""What orders are called in the counter's queue."""

from collections.abc import Collection

from django.db.models import Count, OuterRef, Subquery

from luukku.core.duty import Called
from luukku.orders.models import Order
from luukku.orders.queries import with_orderer, with_times


def called(keys: Collection[int]) -> dict[int, Called]:
    """Return what these orders are called in lists at the counter."""
    rows = Order.objects.filter(pk__in=keys).values_list("pk", "title", "organisation__name")
    return {pk: Called(f"{title} · {organisation}") for pk, title, organisation in rows}


def called_together(keys: Collection[int]) -> dict[int, Called]:
    """Return the same where the first order of a series stands for all that stand where it stands: how many times."""
    same = Order.objects.filter(series=OuterRef("series"), state=OuterRef("state"))
    dates = same.order_by().values("series").annotate(n=Count("pk")).values("n")
    rows = Order.objects.filter(pk__in=keys).annotate(dates=Subquery(dates))
    found = rows.values_list("pk", "title", "organisation__name", "dates")
    return {
        pk: Called(with_times(f"{title} · {organisation}", dates or 1))
        for pk, title, organisation, dates in found
    }


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
