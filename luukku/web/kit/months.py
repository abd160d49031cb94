"""Days as they hang on a wall: whole weeks, and the month that an address asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import capfirst

FIRST_YEAR, LAST_YEAR = 2000, 2200
A_MONTH = relativedelta(months=1)


@dataclass(frozen=True)
class Week:
    """One week: its number in the year, and what its days are shown with."""

    number: int
    days: Sequence[Any]


def day_asked(text: str) -> date | None:
    """Return the day that an address asks for; None where it asks for none, or for one of no time of ours."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def month_asked(text: str) -> date | None:
    """Return the first day of the month that an address asks for as "2026-12"."""
    return day_asked(f"{text}-01")


def monday_of(day: date) -> date:
    """Return the first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def whole_weeks(month: date) -> tuple[date, date]:
    """Return the first and the last day of the weeks in which ``month`` has a day."""
    first = month.replace(day=1)
    return monday_of(first), monday_of(first + A_MONTH - timedelta(days=1)) + timedelta(days=6)


def in_weeks(first: date, days: Sequence[Any]) -> Iterator[Week]:
    """Yield ``days``, which follow each other from the Monday ``first`` on, week by week."""
    for n in range(0, len(days), 7):
        number = (first + timedelta(days=n)).isocalendar().week
        yield Week(number, days[n : n + 7])


def weekdays() -> list[object]:
    """Return what the days of a week are called, Monday first."""
    return list(WEEKDAYS.values())


def month_name(month: date) -> str:
    """Return what a month is called at the head of a page."""
    return capfirst(date_format(month, "YEAR_MONTH_FORMAT"))
