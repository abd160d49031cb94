"""The counter's calendar: a week or a month of tasks, wished times and deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.core.duty import FIRST_ROWS
from luukku.core.times import helsinki
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.request import Request
from luukku.workbench.queries import Sort
from luukku.workbench.queries import calendar as calendar_of

WEEK, MONTH = "week", "month"
MOST = {WEEK: 40, MONTH: 4}  # of a sort on one day
FIRST_YEAR, LAST_YEAR = 2000, 2200


def _day_in(text: str, *, today: date) -> date:
    """Return the day that the address asks for, today where it asks for none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _shown_days(day: date, span: str) -> tuple[str, date, date, relativedelta]:
    """Return what the week or month of ``day`` is called, its first and last day shown, and the way to the next."""
    if span == WEEK:
        first, last = _monday(day), _monday(day) + timedelta(days=6)
        title = _("Week %(number)s, %(first)s–%(last)s") % {
            "number": first.isocalendar().week,
            "first": date_format(first, "j.n."),
            "last": date_format(last, "j.n.Y"),
        }
        return title, first, last, relativedelta(weeks=1)
    month, step = day.replace(day=1), relativedelta(months=1)
    last = _monday(month + step - timedelta(days=1)) + timedelta(days=6)
    return date_format(day, "YEAR_MONTH_FORMAT"), _monday(month), last, step


@page("coordinator")
def calendar(request: Request) -> HttpResponse:
    """A week or a month; a month is shown in whole weeks."""
    now = timezone.now()
    today = helsinki(now).date()
    day = _day_in(request.GET.get("day", ""), today=today)
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
        "weekdays": WEEKDAYS.values(),
        "weeks": [
            [(one, url(day=one.day.isoformat(), span=WEEK)) for one in shown.days[n : n + 7]]
            for n in range(0, len(shown.days), 7)
        ],
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
