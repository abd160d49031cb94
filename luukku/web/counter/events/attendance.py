"""Who was there: marked on a phone, or ticked on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.events.models import Event, Session
from luukku.web.counter.events.event import find_event
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events.attendance import mark, paper_of


@page("coordinator", methods=("GET", "POST"))
def check_in(request: Request, pk: int) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can."""
    session = _session(request, pk)
    key = session.event_id

    def show(template: str, *, status: int, **shown: object) -> HttpResponse:
        return render(request, template, shown | {"tabs": tabs(request, "events")}, status=status)

    return mark(
        request,
        session,
        act_by=counter_act,
        show=show,
        back=(see_other("counter:event", key), _("The event")),
        to=see_other("counter:event-check-in", pk),
        paper=reverse("counter:event-paper", args=[key]),
    )


def _session(request: Request, pk: int) -> Session:
    """Return a session of an event that the person may see.

    Raises:
        Http404: there is none.
    """
    seen = Event.objects.visible_to(request.user)
    return get_object_or_404(Session.objects.select_related("event"), pk=pk, event__in=seen)


@page("coordinator")
def paper(request: Request, pk: int) -> HttpResponse:
    """Names and empty boxes for each session, for paper."""
    found = find_event(request, pk)
    context = paper_of(found) | {
        "back": reverse("counter:event", args=[found.pk]),
        "back_label": _("The event"),
        "tabs": tabs(request, "events"),
    }
    return render(request, "parts/events/paper.html", context)
