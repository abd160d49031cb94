"""Opening and closing an event, calling it off, and deciding whether it is held."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.times import whens
from luukku.events import actions
from luukku.events.hooks import TOLD_BESIDE
from luukku.events.queries import spans
from luukku.events.states import CANCEL, DECIDE_LATER
from luukku.web.counter.events.event import find_event
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import DateInput, EditForm, Form, words_field
from luukku.workflow.actions import require

AT_ONCE = {
    "close": (actions.close, gettext_lazy("Signing up has ended. The waiting list goes on.")),
    "reopen": (actions.reopen, gettext_lazy("One can sign up again.")),
    "run-anyway": (
        actions.run_anyway,
        gettext_lazy("It is held, however few come. Nobody is asked about it any more."),
    ),
}


@page("coordinator", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Bring an event on; what shows it to everybody is asked first."""
    found, to = find_event(request, pk), see_other("counter:event", pk)
    if move in AT_ONCE:
        act, done = AT_ONCE[move]
        if request.method != "POST":
            return to
        return counter_act(request, act, found, done=str(done), to=to)
    if move != "publish":
        raise Http404
    return counter_act(
        request,
        actions.publish,
        found,
        page=lambda _status: ask_first(
            request,
            tabs(request, "events"),
            title=_("Publish the event?"),
            lead=f"{found.title}, {whens(spans(found))}" if found.starts_at else found.title,
            follows=[
                _("Those for whom it is see it and can sign up."),
                _("What the form asks cannot be changed after this."),
            ],
            label=_("Publish"),
            back=reverse("counter:event", args=[pk]),
            keep=_("Do not publish yet"),
            is_end=False,
        ),
        done=_("The event has been published."),
        to=to,
    )


class CancelForm(Form):
    """Why it is not held."""

    reason = words_field(
        gettext_lazy("Why is it not held?"),
        gettext_lazy(
            "Everybody who has signed up reads this in the letter, and anybody on the page of the event."
        ),
    )


@page("coordinator", methods=("GET", "POST"))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call an event off with a reason that everybody is told."""
    found, form = find_event(request, pk), CancelForm(data_of(request))
    number = found.sign_ups.live().count() + sum(told(found) for told in TOLD_BESIDE)
    told = ngettext(
        "%(number)s person who has signed up is told, with the reason.",
        "%(number)s people who have signed up are told, with the reason.",
        number,
    ) % {"number": number}
    return counter_act(
        request,
        actions.cancel,
        found,
        form=form,
        ready=lambda: require(found, CANCEL),
        page=lambda _status: ask_first(
            request,
            tabs(request, "events"),
            title=_("Call the event off?"),
            lead=f"{found.title}, {whens(spans(found))}" if found.starts_at else found.title,
            follows=[told if number else "", _("There is no way back: a new event is made instead.")],
            label=_("Call it off"),
            back=reverse("counter:event", args=[pk]),
            keep=_("Do not call it off"),
            form=form,
        ),
        done=_("The event has been called off."),
        to=see_other("counter:event", pk),
    )  # fmt: skip


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
