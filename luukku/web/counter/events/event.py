"""One event at the counter: what it is, who comes, who waits, and what has been said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.events.models import Event
from luukku.events.queries import contacts_until, to_decide
from luukku.feedback.queries import thoughts_of_event
from luukku.notices.queries import letters_about
from luukku.web.counter.frame import tabs
from luukku.web.counter.letters import letter_rows
from luukku.web.kit.access import page
from luukku.web.kit.fetch import fetch
from luukku.web.kit.request import Request
from luukku.web.parts.events.coming import ORDER, coming, groups_of, sessions_of
from luukku.web.parts.events.facts import event_view
from luukku.web.parts.events.materials import materials_view


def find_event(request: Request, pk: int) -> Event:
    """Return the event with its numbers.

    Raises:
        Http404: there is none that the person may see.
    """
    rows = Event.objects.with_numbers().select_related("organiser", "responsible", "language")
    return fetch(rows, pk, for_=request.user)


@page("coordinator")
def event(request: Request, pk: int) -> HttpResponse:
    """One event whole."""
    found, now = find_event(request, pk), timezone.now()
    rows = coming(found, request.user, at=now)
    context = {
        "event": found,
        "view": event_view(found, request.user, at=now),
        "sessions": sessions_of(found, at=now),
        "materials": materials_view(found, request.user, None, at=now),
        "questions": found.questions.all(),
        "groups": groups_of(rows),
        "ended": found.sign_ups.exclude(state__in=ORDER).count(),
        "is_to_decide": to_decide(found, on=helsinki(now).date()),
        "thoughts": thoughts_of_event(found, at=now),
        "contacts_until": contacts_until(found),
        "now": now,
        "tabs": tabs(request, "events"),
        **letter_rows(request, letters_about(f"event-{pk}")),
    }
    return render(request, "counter/events/detail.html", context)
