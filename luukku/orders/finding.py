"""Finding orders among many: by words, by day, by number."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from luukku.accounts.queries import people_said
from luukku.core.compiled import Given, Instant
from luukku.core.finding import found_once
from luukku.core.ordering import (
    NONE,
    Keys,
    Words,
    among,
    has_words,
    in_finnish,
    with_any,
    with_keys_of,
)
from luukku.core.text import number_in
from luukku.core.times import month_in
from luukku.orders.models import Order, OrderQuerySet, OrderTheme, OrderTime
from luukku.orders.states import OPEN_STATES
from luukku.organisations.finding import called_or_once_called
from luukku.organisations.models import OrganisationQuerySet
from luukku.taxonomy.models import Municipality
from luukku.taxonomy.queries import named_like

CALLED = {"", "tilaus", "beställning", "order", "nro", "nr"}  # before an order's number
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.([12]\d{3})?)?")
YEAR = re.compile(r"20\d\d")


def soonest_first(orders: OrderQuerySet, *, at: Instant) -> OrderQuerySet:
    """Return ``orders`` by the day of their event: what is to come, soonest first, then what has been, latest first."""
    is_to_come = Q(begins_at__gte=at)
    return orders.order_by(
        Case(When(is_to_come, then=0), When(begins_at=None, then=1), default=2),
        Case(When(is_to_come, then="begins_at")),
        F("begins_at").desc(),
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

    They are an order's number, a day, a month or a year of it, or stand in its title or municipality, in its
    organisation's name, its kind of task or one of its themes (their everyday words, too), or in the name, address or
    telephone number of its contact person; case and accents make no difference. Each part is asked by itself, so that
    an index answers it.
    """
    given = {"words": words, "people": people_said(words)} | vars(named_like(words))
    others = _numbered(words)
    if others:
        return with_any(orders, [*_parts(**given), *others])
    return with_keys_of(orders, _keys(**given))


def _parts(
    words: Words,
    people: Keys | Given = NONE,
    themes: Keys | Given = NONE,
    task_types: Keys | Given = NONE,
    municipalities: Keys | Given = NONE,
) -> list[QuerySet[Any]]:
    rows = Order.objects.order_by()
    return [
        rows.filter(has_words(words, "title")),
        OrderTheme.objects.filter(among(themes, "theme")).values("order"),
        *(rows.filter(organisation__in=one.values("pk")) for one in called_or_once_called(words)),
        rows.filter(among(people, "contact")),
        rows.filter(among(task_types, "task_type")),
        rows.filter(among(municipalities, "municipality")),
    ]


_keys = found_once(_parts)


def _numbered(words: str) -> list[QuerySet[Any]]:
    """Return the orders whose number ``words`` are, and those with a time on the day or in the month that they say."""
    found: list[QuerySet[Any]] = []
    if (key := number_in(words, CALLED)) is not None:
        found.append(Order.objects.filter(pk=key))
    if told := _day_in(words):
        found.append(OrderTime.objects.filter(told).values("order"))
    return found


def _day_in(words: str) -> Q | None:
    """Return what tells the times on the day, in the month or in the year that ``words`` say."""
    if day := DAY.fullmatch(words):
        names = ("day", "month", "year")
        said = zip(names, day.groups(), strict=True)
        return Q(**{f"starts_at__{name}": int(part) for name, part in said if part})
    if YEAR.fullmatch(words):
        return Q(starts_at__year=int(words))
    if (month := month_in(words)) is not None:
        return Q(starts_at__month=month)
    return None


def _times(told: Q) -> QuerySet[OrderTime]:
    return OrderTime.objects.filter(told, order=OuterRef("pk"))


def with_open_orders(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """Add ``open_orders``, how many orders of each organisation are under way."""
    rows = Order.objects.in_state(*OPEN_STATES).filter(organisation=OuterRef("pk")).order_by()
    number = rows.values("organisation").annotate(n=Count("pk")).values("n")
    return organisations.annotate(open_orders=Coalesce(Subquery(number), 0))
