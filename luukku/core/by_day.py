"""Rows that begin at some time, the first ones of each day: what a calendar shows, however full a day is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from luukku.core.compiled import Instant
from luukku.core.times import HELSINKI


def midnights(first: date, days: int) -> tuple[datetime, datetime]:
    """Return when the day ``first`` begins in Helsinki, and when the last of ``days`` days ends."""
    start, end = (
        datetime.combine(day, time(), HELSINKI) for day in (first, first + timedelta(days=days))
    )
    return start, end


def first_of_days(rows: QuerySet[Any], first: date, days: int, *, most: int) -> QuerySet[Any]:
    """Return the first ``most`` of the ``rows`` that begin on each of ``days`` days, as ``first_between`` does."""
    return first_between(rows, *midnights(first, days), most=most)


def first_between(rows: QuerySet[Any], start: Instant, end: Instant, *, most: int) -> QuerySet[Any]:
    """Return the first ``most`` of the ``rows`` that begin on each day from ``start`` on and before ``end``.

    Each has ``on_day``, its number ``nth`` on it, and how many the day has: ``of_day``.
    """
    numbered = rows.filter(starts_at__gte=start, starts_at__lt=end).annotate(
        on_day=TruncDate("starts_at", tzinfo=HELSINKI),
        nth=Window(
            RowNumber(), partition_by=F("on_day"), order_by=[F("starts_at").asc(), F("pk").asc()]
        ),
        of_day=Window(Count("pk"), partition_by=F("on_day")),
    )
    return numbered.filter(nth__lte=most).order_by("starts_at", "pk")
