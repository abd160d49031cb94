"""What orders are called in the counter's queue."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from luukku.core.compiled import objects_once, once, with_keys
from luukku.core.duty import Called
from luukku.orders.models import Order
from luukku.orders.queries import with_orderer, with_times


def called(keys: Collection[int]) -> dict[int, Called]:
    """Return what these orders are called in lists at the counter."""
    rows = _titles(keys=list(keys))
    return {pk: Called(f"{title} · {organisation}") for pk, title, organisation in rows}


@once
def _titles() -> QuerySet[Any, Any]:
    rows = Order.objects.filter(with_keys())
    return rows.values_list("pk", "title", "organisation__name")


def called_together(keys: Collection[int]) -> dict[int, Called]:
    """Return the same where the first order of a series stands for all that stand where it stands: how many times."""
    return {
        pk: Called(with_times(f"{title} · {organisation}", dates or 1))
        for pk, title, organisation, dates in _titles_together(keys=list(keys))
    }


@once
def _titles_together() -> QuerySet[Any, Any]:
    same = Order.objects.filter(series=OuterRef("series"), state=OuterRef("state"))
    dates = same.order_by().values("series").annotate(n=Count("pk")).values("n")
    rows = Order.objects.filter(with_keys()).annotate(dates=Subquery(dates))
    return rows.values_list("pk", "title", "organisation__name", "dates")


def called_by_contact(keys: Collection[int]) -> dict[int, Called]:
    """Return the same with whom to call about each."""
    return {
        order.pk: Called(
            with_orderer(order),
            order.contact.name if order.contact else "",
            order.contact.phone if order.contact else "",
        )
        for order in _with_contact(keys=list(keys))
    }


@objects_once
def _with_contact() -> QuerySet[Order]:
    rows = Order.objects.filter(with_keys()).select_related("organisation", "contact")
    return rows.only("title", "organisation__name", "contact__name", "contact__phone")
