"""Days that follow each other by a rule."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
LAST_OF_FOUR = 28  # every month has so many days


class Every(TextChoices):
    """How often something repeats."""

    WEEK = "week", _("Every week")
    TWO_WEEKS = "two_weeks", _("Every two weeks")
    MONTH = "month", _("Every month")


def series_days(first: date, every: Every, times: int) -> list[date]:
    """Return the ``times`` days that follow ``first``; every one is on its weekday.

    By the month it is the same one of its weekdays, the 2nd Tuesday after the 2nd Tuesday; from the 29th day on
    it is the month's last one.
    """
    if every != Every.MONTH:
        step = timedelta(weeks=1 if every == Every.WEEK else 2)
        return [first + step * n for n in range(1, times + 1)]
    months = [divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(1, times + 1)]
    weekday, which = WEEKDAYS[first.weekday()], nth_weekday(first)
    return [
        date(year, month + 1, 1) + relativedelta(day=31 if which < 0 else 1, weekday=weekday(which))
        for year, month in months
    ]


def nth_weekday(day: date) -> int:
    """Return the how manieth of its weekdays in the month ``day`` is, from 1 to 4; -1 from the 29th on."""
    return -1 if day.day > LAST_OF_FOUR else (day.day - 1) // 7 + 1
