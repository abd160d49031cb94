"""The expert's own calendar: a week or a month, and the address for calendar programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.models import CalendarKey
from luukku.web.expert.frame import show
from luukku.web.kit.access import home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.calendar import Said, Sorts, address, asked_of, shown_of
from luukku.workbench.queries import OWN_SORTS, Entry, Sort, experts_calendar

SAID: Said = {
    Sort.TASK: gettext_lazy("Agreed"),
    Sort.EVENT: gettext_lazy("Event"),
    Sort.WISH: gettext_lazy("You are asked"),
}
SORTS: Sorts = [
    (Sort.TASK, gettext_lazy("Agreed tasks")),
    (Sort.EVENT, gettext_lazy("Events that you have signed up for")),
    (Sort.WISH, gettext_lazy("Times that offers ask about")),
]


def _url(entry: Entry, _day: date) -> str:
    language = get_language()
    if entry.task_id:
        return address("expert:task", entry.task_id, language)
    if entry.offer_id:
        return address("expert:offer", entry.offer_id, language)
    return address("public:event", entry.event_id, language)


@page("expert")
def calendar(request: Request) -> HttpResponse:
    """A week or a month of what one has agreed on, is asked about, and comes to."""
    now = timezone.now()
    asked = asked_of(request, "expert:calendar", OWN_SORTS, at=now)
    days = experts_calendar(
        request.user, asked.shown[0], asked.days, most=asked.most, sort=asked.sort
    )
    return show(
        request,
        "parts/calendar/own.html",
        "calendar",
        base="expert/base.html",
        new_address=reverse("expert:calendar-address"),
        key_of_feed=CalendarKey.objects.filter(user=request.user).first(),
        **shown_of(asked, days, _url, said=SAID, sorts=SORTS, at=now),
    )


@page("expert", methods=("POST",), home=home_at("expert:calendar"))
def calendar_address(request: Request) -> HttpResponse:
    """Get a new calendar address."""
    return form_act(
        request,
        actions.new_calendar_key,
        request.user,
        done=_("Here is your calendar address. Keep it to yourself."),
        to=see_other("expert:calendar"),
    )
