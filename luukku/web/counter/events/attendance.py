"""Who was there: marked on a phone, or ticked on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.times import when
from luukku.events import actions
from luukku.events.models import Event, Session
from luukku.events.states import CHECK_IN
from luukku.web.counter.events.event import find_event
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events.attendance import MarksForm, marks_said, paper_of, who_comes
from luukku.workflow.queries import may


@page("coordinator", methods=("GET", "POST"))
def check_in(request: Request, pk: int) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can."""
    session = _session(request, pk)
    has_begun = session.starts_at <= timezone.now()
    is_marked = has_begun and may(CHECK_IN.name, session.event, request.user)
    people = who_comes(session.event) if is_marked else []  # names are read only to be shown
    form = MarksForm(session, people, data_of(request))
    context = {
        "event": session.event,
        "session": session,
        "when": when(session.starts_at, session.ends_at),
        "form": form,
        "people": people,
        "has_begun": has_begun,
        "tabs": tabs(request, "events"),
    }
    return counter_act(
        request,
        actions.check_in,
        session,
        form=form,
        page=lambda status: render(request, "counter/events/check_in.html", context, status=status),
        done=marks_said,
        to=see_other("counter:event-check-in", pk),
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
