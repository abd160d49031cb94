"""The counter's calendar: a week or a month of tasks, events, wished times and deadlines."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from luukku.core.duty import FIRST_ROWS
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.request import Request
from luukku.web.parts.calendar import Said, address, asked_of, shown_of
from luukku.workbench.queries import Entry, Sort
from luukku.workbench.queries import calendar as calendar_of

SAID: Said = {
    Sort.TASK: gettext_lazy("Agreed"),
    Sort.EVENT: gettext_lazy("Event"),
    Sort.WISH: gettext_lazy("Wish"),
    Sort.DEADLINE: gettext_lazy("Deadline"),
}


def _url(entry: Entry, day: date) -> str:
    language = get_language()
    if entry.starts_at is None:
        queue = address("counter:queue", None, language)
        return f"{queue}?kind={entry.kind}&due={day.isoformat()}"
    if entry.event_id:
        return address("counter:event", entry.event_id, language)
    return address("counter:order", entry.order_id, language)


@page("coordinator")
def calendar(request: Request) -> HttpResponse:
    """A week or a month; a month is shown in whole weeks."""
    now = timezone.now()
    asked = asked_of(request, "counter:calendar", Sort, at=now)
    shown = calendar_of(
        request.user, asked.shown[0], asked.days, most=asked.most, sort=asked.sort, at=now
    )
    sorts = [(one, one.label) for one in Sort]
    context = shown_of(asked, shown.days, _url, said=SAID, sorts=sorts, at=now)
    context |= {"cut": shown.cut, "most": FIRST_ROWS, "tabs": tabs(request, "calendar")}
    return render(request, "counter/calendar/page.html", context)
