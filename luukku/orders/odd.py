"""What is odd about a time that somebody wishes for."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.core.times import helsinki, is_holiday

SOON = timedelta(days=7)
LONG = timedelta(hours=8)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)


def odd_about(starts_at: datetime, ends_at: datetime, *, at: datetime) -> list[str | Promise]:
    """Return what somebody who means this time does well to notice; nothing of it is refused."""
    start, end = helsinki(starts_at), helsinki(ends_at - timedelta(microseconds=1))
    days = {start.date(), end.date()}
    is_night = (
        len(days) > 1 or start.time() < NIGHT_ENDS or not start.time() <= end.time() < NIGHT_BEGINS
    )
    odd = (
        (starts_at - at < SOON, _("It is very soon: experts have little time to answer.")),
        (is_night, _("A part of it is at night.")),
        (any(day.weekday() >= 5 for day in days), _("It is on a weekend.")),
        (any(is_holiday(day) for day in days), _("It is on a public holiday.")),
        (ends_at - starts_at > LONG, _("It lasts very long. Check the times.")),
    )
    return [words for is_odd, words in odd if is_odd]
