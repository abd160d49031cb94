"""Opening and closing an event, calling it off, and deciding whether it is held."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.events import actions
from luukku.events.states import DECIDE_LATER
from luukku.web.counter.events.event import find_event
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events import answering
from luukku.web.ui.forms import DateInput, EditForm
from luukku.workflow.actions import require


@page("coordinator", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Bring an event on; what shows it to everybody is asked first."""
    found, to = find_event(request, pk), see_other("counter:event", pk)
    if move in answering.MOVES:
        act, done = answering.MOVES[move]
        if request.method != "POST":
            return to
        return counter_act(request, act, found, done=str(done), to=to)
    if move != "publish":
        raise Http404
    return answering.publish(
        request, found, home=to, tabs=tabs(request, "events"), act_by=counter_act
    )


@page("coordinator", methods=("GET", "POST"))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call an event off with a reason that everybody is told."""
    return answering.call_off(
        request,
        find_event(request, pk),
        home=see_other("counter:event", pk),
        tabs=tabs(request, "events"),
        act_by=counter_act,
    )


class DecideForm(EditForm):
    """On which day it is decided."""

    decide_on = forms.DateField(
        label=gettext_lazy("The new day"),
        widget=DateInput,
        help_text=gettext_lazy("The queue asks again on that day, if too few have signed up."),
    )
    shows = ("decide_on",)

    def arguments(self) -> dict[str, Any]:
        """Return the day."""
        return {"decide_on": self.cleaned_data["decide_on"]}


@page("coordinator", methods=("GET", "POST"))
def decide_later(request: Request, pk: int) -> HttpResponse:
    """Decide on another day whether it is held."""
    found = find_event(request, pk)
    form = DecideForm(data_of(request), about=find_event(request, pk))
    return counter_act(
        request,
        actions.decide_later,
        found,
        form=form,
        ready=lambda: require(found, DECIDE_LATER),
        page=lambda _status: ask_first(
            request,
            tabs(request, "events"),
            title=_("Decide on another day"),
            lead=found.title,
            follows=[_("Nobody is told. People can sign up meanwhile.")],
            label=_("Move the day"),
            back=reverse("counter:event", args=[pk]),
            keep=_("Do not move it"),
            form=form,
            is_end=False,
        ),
        done=_("The day has been moved."),
        to=see_other("counter:event", pk),
    )
