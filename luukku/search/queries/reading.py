"""Who has been shown many cards by the search."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Count,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
)

from luukku.accounts.models import User
from luukku.search.models import CardDay

WIDE_DAYS = 30


def _size(array: F | ArraySubquery) -> Func:
    return Func(array, function="cardinality", output_field=IntegerField())


def readers_of_cards(people: QuerySet[User], *, on: date) -> QuerySet[User]:
    """Return those of ``people`` whom the search has shown cards in the ``WIDE_DAYS`` days up to ``on``.

    Each has ``cards``, how many different experts it was; ``days``, on how many days; and ``most``, the most on one
    day.
    """
    days = CardDay.objects.filter(on__gt=on - timedelta(days=WIDE_DAYS), on__lte=on)
    days = days.exclude(expert_ids=[])
    own = days.filter(user=OuterRef("pk")).order_by()
    expert = Func(F("expert_ids"), function="unnest", output_field=BigIntegerField())
    told = own.values("user").annotate(days=Count("pk"), most=Max(_size(F("expert_ids"))))
    return people.filter(pk__in=days.values("user")).annotate(
        cards=_size(ArraySubquery(own.annotate(expert=expert).values("expert").distinct())),
        days=Subquery(told.values("days")),
        most=Subquery(told.values("most")),
    )
