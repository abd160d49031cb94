"""Finding orders among many: by words, by day, by number."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from luukku.accounts.queries import person_said
from luukku.core.ordering import has_words, in_finnish
from luukku.core.text import key_in
from luukku.orders.models import Order, OrderQuerySet, OrderTime
from luukku.orders.states import OPEN_STATES
from luukku.organisations.models import OrganisationQuerySet
from luukku.taxonomy.models import Municipality

NUMBER = re.compile(r"#?\s*(?:\w+\s+)?#?(\d{1,17})")  # "45", "#45", "Tilaus 45"
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")


def first_start() -> Subquery:
    """Return when an order's task begins: at its settled time, else at the earliest wished one."""
    times = OrderTime.objects.filter(order=OuterRef("pk")).order_by("-is_settled", "starts_at")
    return Subquery(times.values("starts_at")[:1])


def soonest_first(orders: OrderQuerySet, *, at: datetime) -> OrderQuerySet:
    """Return ``orders`` by the day of their event: what is to come, soonest first, then what has been, latest first."""
    is_to_come = Q(begins__gte=at)
    return orders.annotate(begins=first_start()).order_by(
        Case(When(is_to_come, then=0), When(begins=None, then=1), default=2),
        Case(When(is_to_come, then="begins")),
        F("begins").desc(),
        "-pk",
    )


def places_ordered_to() -> QuerySet[Municipality]:
    """Return the municipalities that orders are for, in the Finnish order."""
    named = Municipality.objects.filter(pk__in=Order.objects.values("municipality"))
    return named.order_by(in_finnish("name_fi"))


def from_day(orders: OrderQuerySet, day: date) -> OrderQuerySet:
    """Return the orders with a time on ``day`` or after it, by Helsinki's calendar."""
    return orders.filter(Exists(_times(Q(starts_at__date__gte=day))))


def until_day(orders: OrderQuerySet, day: date) -> OrderQuerySet:
    """Return the orders with a time on ``day`` or before it, by Helsinki's calendar."""
    return orders.filter(Exists(_times(Q(starts_at__date__lte=day))))


def holding(orders: OrderQuerySet, words: str) -> OrderQuerySet:
    """Return the orders that ``words`` may mean.

    They are an order's number, a day of it, or stand in its title, in its organisation's name, or in the name,
    address or telephone number of its contact person; case and accents make no difference.
    """
    found = person_said(words, "contact__")
    found |= has_words(words, "title") | has_words(words, "organisation__name")
    if (number := NUMBER.fullmatch(words)) and (key := key_in(number[1])) is not None:
        found |= Q(pk=key)
    if day := DAY.fullmatch(words):
        names = ("day", "month", "year")
        said = {
            f"starts_at__{n}": int(part)
            for n, part in zip(names, day.groups(), strict=True)
            if part
        }
        found |= Q(Exists(_times(Q(**said))))
    return orders.filter(found)


def _times(told: Q) -> QuerySet[OrderTime]:
    return OrderTime.objects.filter(told, order=OuterRef("pk"))


def with_open_orders(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """Add ``open_orders``, how many orders of each organisation are under way."""
    rows = Order.objects.in_state(*OPEN_STATES).filter(organisation=OuterRef("pk")).order_by()
    number = rows.values("organisation").annotate(n=Count("pk")).values("n")
    return organisations.annotate(open_orders=Coalesce(Subquery(number), 0))
