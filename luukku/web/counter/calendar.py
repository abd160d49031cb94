"""The counter's calendar: a week or a month of tasks, wished times and deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.core.duty import FIRST_ROWS
from luukku.core.times import clock_shown, helsinki
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
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
from luukku.workbench.queries import calendar as calendar_of

WEEK, MONTH = "week", "month"
SAID = {
    Sort.TASK: gettext_lazy("Agreed"),
    Sort.EVENT: gettext_lazy("Event"),
    Sort.WISH: gettext_lazy("Wish"),
    Sort.DEADLINE: gettext_lazy("Deadline"),
}
MOST = {WEEK: 40, MONTH: 4}  # of a sort on one day


def _shown_days(day: date, span: str) -> tuple[str, date, date, relativedelta]:
    """Return what the week or month of ``day`` is called, its first and last day shown, and the way to the next."""
    if span == WEEK:
        first, last = monday_of(day), monday_of(day) + timedelta(days=6)
        title = _("Week %(number)s, %(first)s–%(last)s") % {
            "number": first.isocalendar().week,
            "first": date_format(first, "j.n."),
            "last": date_format(last, "j.n.Y"),
        }
        return title, first, last, relativedelta(weeks=1)
    return month_name(day), *whole_weeks(day), A_MONTH


def _lines(one: CalendarDay, span: str) -> list[SafeString]:
    """Return what stands on a day; in a month each is told in a line, in a week with its end, orderer and place."""
    return [_line(entry, one.day, is_week=span == WEEK) for entry in one.entries]


def _line(entry: Entry, day: date, *, is_week: bool) -> SafeString:
    said, language = SAID[entry.sort], get_language()
    if entry.starts_at is None:
        url = _url("counter:queue", None, language) + f"?kind={entry.kind}&due={day.isoformat()}"
        return tags.entry(entry.sort, url, entry.title, first=str(entry.number), said=said)
    if entry.event_id:
        url = _url("counter:event", entry.event_id, language)
    else:
        url = _url("counter:order", entry.order_id, language)
    times = [entry.starts_at, entry.ends_at] if is_week else [entry.starts_at]
    first = "–".join(clock_shown(one) for one in times if one)
    rest = ", ".join(filter(None, [entry.organisation, entry.place])) if is_week else ""
    return tags.entry(entry.sort, url, entry.title, first=first, said=said, rest=rest)


@lru_cache(maxsize=5000)
def _url(name: str, key: int | None, _language: str | None) -> str:
    return reverse(name, args=[] if key is None else [key])


@page("coordinator")
def calendar(request: Request) -> HttpResponse:
    """A week or a month; a month is shown in whole weeks."""
    now = timezone.now()
    today = helsinki(now).date()
    day = day_asked(request.GET.get("day", "")) or today
    span = WEEK if request.GET.get("span") == WEEK else MONTH
    sort = request.GET.get("sort", "")
    sort = sort if sort in Sort else ""
    title, first, last, step = _shown_days(day, span)
    shown = calendar_of(
        request.user, first, (last - first).days + 1, most=MOST[span], sort=sort, at=now
    )

    def url(**other: Any) -> str:
        asked = {"day": day.isoformat(), "span": span, "sort": sort} | other
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('counter:calendar')}?{query}"

    context = {
        "title": title,
        "weekdays": weekdays(),
        "weeks": list(
            in_weeks(
                first,
                [
                    (one, url(day=one.day.isoformat(), span=WEEK), _lines(one, span))
                    for one in shown.days
                ],
            )
        ),
        "cut": shown.cut,
        "most": FIRST_ROWS,
        "today": today,
        "is_week": span == WEEK,
        "month": day.month if span == MONTH else 0,
        "earlier": url(day=(day - step).isoformat()),
        "later": url(day=(day + step).isoformat()),
        "now": url(day=today.isoformat()),
        "spans": [
            (_("Week"), url(span=WEEK), span == WEEK),
            (_("Month"), url(span=MONTH), span == MONTH),
        ],
        "sorts": [
            (_("Everything"), url(sort=""), not sort),
            *((one.label, url(sort=one.value), one == sort) for one in Sort),
        ],
        "tabs": tabs(request, "calendar"),
    }
    return render(request, "counter/calendar/page.html", context)
