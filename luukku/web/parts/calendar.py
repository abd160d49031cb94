"""A week or a month of a desk: what an address asks for, and what the page shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luukku.core.times import clock_shown, helsinki
from luukku.web.kit.months import (
    A_MONTH,
    day_asked,
    in_weeks,
    monday_of,
    month_name,
    weekdays,
    whole_weeks,
)
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.workbench.queries import CalendarDay, Entry, Sort

Said = Mapping[Sort, str | Promise]  # what an entry of a sort is
Sorts = Sequence[
    tuple[Sort, str | Promise]
]  # what those of a sort are called together, in the order of the page
WEEK, MONTH = "week", "month"
MOST = {WEEK: 40, MONTH: 4}  # of a sort on one day


@dataclass(frozen=True)
class Asked:
    """What an address of the page ``name`` asks for: a ``span`` around a day, of one ``sort`` or, where empty, all."""

    name: str
    day: date
    span: str
    sort: str

    @property
    def is_week(self) -> bool:
        """Whether it is a week; a month is shown in whole weeks."""
        return self.span == WEEK

    @property
    def shown(self) -> tuple[date, date]:
        """The first and the last day shown."""
        if self.is_week:
            return monday_of(self.day), monday_of(self.day) + timedelta(days=6)
        return whole_weeks(self.day)

    @property
    def days(self) -> int:
        """How many days are shown."""
        first, last = self.shown
        return (last - first).days + 1

    @property
    def most(self) -> int:
        """How many of a sort a day shows."""
        return MOST[self.span]

    @property
    def title(self) -> str:
        """What the week or the month is called."""
        if not self.is_week:
            return month_name(self.day)
        first, last = self.shown
        return _("Week %(number)s, %(first)s–%(last)s") % {
            "number": first.isocalendar().week,
            "first": date_format(first, "j.n."),
            "last": date_format(last, "j.n.Y"),
        }

    def url(self, **other: Any) -> str:
        """Return the address of the same page with ``other`` things asked for."""
        asked = {"day": self.day.isoformat(), "span": self.span, "sort": self.sort} | other
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse(self.name)}?{query}"


def asked_of(request: Request, name: str, sorts: Iterable[Sort], *, at: datetime) -> Asked:
    """Return what ``request`` asks for of the page ``name``; this month where it asks for nothing that there is."""
    sort = request.GET.get("sort", "")
    return Asked(
        name,
        day_asked(request.GET.get("day", "")) or helsinki(at).date(),
        WEEK if request.GET.get("span") == WEEK else MONTH,
        sort if sort in set(sorts) else "",
    )


def shown_of(
    asked: Asked,
    days: Iterable[CalendarDay],
    url_of: Callable[[Entry, date], str],
    *,
    said: Said,
    sorts: Sorts,
    at: datetime,
) -> dict[str, Any]:
    """Return what the page shows.

    Args:
        url_of: where an entry of a day leads.
    """
    today = helsinki(at).date()
    rows = [
        (
            one,
            asked.url(day=one.day.isoformat(), span=WEEK),
            [_line(entry, url_of(entry, one.day), said, asked) for entry in one.entries],
        )
        for one in days
    ]
    step = relativedelta(weeks=1) if asked.is_week else A_MONTH
    return {
        "title": asked.title,
        "weekdays": weekdays(),
        "weeks": list(in_weeks(asked.shown[0], rows)),
        "today": today,
        "is_week": asked.is_week,
        "is_empty": not any(one.entries for one, _url, _lines in rows),
        "month": 0 if asked.is_week else asked.day.month,
        "earlier": asked.url(day=(asked.day - step).isoformat()),
        "later": asked.url(day=(asked.day + step).isoformat()),
        "now": asked.url(day=today.isoformat()),
        "spans": [
            (_("Week"), asked.url(span=WEEK), asked.is_week),
            (_("Month"), asked.url(span=MONTH), not asked.is_week),
        ],
        "sorts": [
            (_("Everything"), asked.url(sort=""), not asked.sort),
            *((label, asked.url(sort=one.value), one == asked.sort) for one, label in sorts),
        ],
        "key": [(one.value, label) for one, label in sorts],
    }


def _line(entry: Entry, url: str, said: Said, asked: Asked) -> SafeString:
    """Return an entry in a line; in a week with its end, orderer and place."""
    if entry.starts_at is None:
        return tags.entry(
            entry.sort, url, entry.title, first=str(entry.number), said=said[entry.sort]
        )
    times = [entry.starts_at, entry.ends_at] if asked.is_week else [entry.starts_at]
    first = "–".join(clock_shown(one) for one in times if one)
    rest = ", ".join(filter(None, [entry.organisation, entry.place])) if asked.is_week else ""
    return tags.entry(entry.sort, url, entry.title, first=first, said=said[entry.sort], rest=rest)


@lru_cache(maxsize=5000)
def address(name: str, key: int | None, _language: str | None) -> str:
    """Return the address of a page of one thing; a month has hundreds, and reversing is dear."""
    return reverse(name, args=[] if key is None else [key])
