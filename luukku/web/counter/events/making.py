"""Making an event, changing what it says, when it is held and what it asks."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.events import actions
from luukku.events.models import Event
from luukku.events.queries import later_than
from luukku.events.states import EDIT
from luukku.web.counter.events.event import find_event
from luukku.web.counter.events.forms import CounterEventForm
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fresh
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events import writing
from luukku.workflow.actions import require


def _form_page(
    request: Request,
    template: str,
    *,
    form: object,
    event: Event | None,
    status: int,
    **more: object,
) -> HttpResponse:
    back = reverse("counter:event", args=[event.pk]) if event else reverse("counter:events")
    context = {
        "form": form,
        "event": event,
        "back": back,
        "back_label": _("Events"),
        "tabs": tabs(request, "events"),
    }
    return render(request, f"counter/events/{template}.html", context | more, status=status)


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Begin a draft; its times come next."""
    form = CounterEventForm(data_of(request), by=request.user)

    def make(**fields: Any) -> Event:
        return actions.make(known(fields.pop("organiser")), **fields)

    return counter_act(
        request,
        make,
        form=form,
        page=lambda status: _form_page(request, "form", form=form, event=None, status=status),
        done=_("The event is a draft now. Give its times next."),
        to=lambda made: see_other("counter:event-times", made.pk),
    )


@page("coordinator", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what an event says of itself; more places go to the waiting list at once."""
    found = find_event(request, pk)
    form = CounterEventForm(data_of(request), instance=fresh(found), by=request.user)
    if found.starts_at and (number := later_than(found, at=timezone.now()).count()):
        form.offer_later(number)

    def act(event: Event, *, also_later: bool = False, **fields: Any) -> object:
        return (actions.edit_coming if also_later else actions.edit)(event, **fields)

    return counter_act(
        request,
        act,
        found,
        form=form,
        ready=lambda: require(found, EDIT),
        page=lambda status: _form_page(request, "form", form=form, event=found, status=status),
        done=_("Saved."),
        to=see_other("counter:event", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def times(request: Request, pk: int) -> HttpResponse:
    """Give an event its times, or move them: everybody keeps their place and is told."""
    found = find_event(request, pk)
    here = see_other("counter:event-times", pk)
    return writing.times(request, found, **_written(request, "times", found), here=here)


@page("coordinator", methods=("GET", "POST"))
def questions(request: Request, pk: int) -> HttpResponse:
    """Write what a draft asks of those who sign up."""
    found = find_event(request, pk)
    return writing.questions(request, found, **_written(request, "questions", found))


@page("coordinator", methods=("GET", "POST"))
def materials(request: Request, pk: int) -> HttpResponse:
    """Add, rename and take away what an event gives to read."""
    found = find_event(request, pk)
    return writing.materials(request, found, **_written(request, "materials", found))


def _written(request: Request, template: str, event: Event) -> dict[str, Any]:
    """Return how ``parts.events.writing`` acts and shows its page here."""
    return {
        "act_by": counter_act,
        "show": partial(_form_page, request, template, event=event),
        "home": see_other("counter:event", event.pk),
    }
