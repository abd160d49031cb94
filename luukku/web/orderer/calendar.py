"""The organisation's calendar: a week or a month, and the address for calendar programs."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.models import CalendarKey
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import ORGANISATION, organisation_of, show
from luukku.web.parts.calendar import Said, Sorts, address, asked_of, shown_of
from luukku.workbench.queries import OWN_SORTS, Entry, Sort, organisations_calendar

SAID: Said = {
    Sort.TASK: gettext_lazy("Agreed"),
    Sort.EVENT: gettext_lazy("Event"),
    Sort.WISH: gettext_lazy("Wish"),
}
SORTS: Sorts = [
    (Sort.TASK, gettext_lazy("Agreed tasks")),
    (Sort.EVENT, gettext_lazy("Own events and those you have signed up for")),
    (Sort.WISH, gettext_lazy("Wished times")),
]


def _url(entry: Entry, _day: date) -> str:
    language = get_language()
    if entry.event_id:
        return address("public:event", entry.event_id, language)
    return address("orderer:order", entry.order_id, language)


@page(*ORGANISATION)
def calendar(request: Request) -> HttpResponse:
    """A week or a month of the organisation's tasks, of times that wait for an expert, and of events."""
    now = timezone.now()
    asked = asked_of(request, "orderer:calendar", OWN_SORTS, at=now)
    days = organisations_calendar(
        request.user,
        organisation_of(request),
        asked.shown[0],
        asked.days,
        most=asked.most,
        sort=asked.sort,
    )
    return show(
        request,
        "parts/calendar/own.html",
        "calendar",
        base="ui/desk.html",
        new_address=reverse("orderer:calendar-address"),
        key_of_feed=CalendarKey.objects.filter(user=request.user).first(),
        **shown_of(asked, days, _url, said=SAID, sorts=SORTS, at=now),
    )


@page(*ORGANISATION, methods=("POST",))
def calendar_address(request: Request) -> HttpResponse:
    """Get a new calendar address."""
    actions.new_calendar_key(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("Here is your calendar address. Keep it to yourself."))
    return see_other("orderer:calendar")
