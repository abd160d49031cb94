"""Who comes: signed up by phone, approved, put on the waiting list, declined, withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.text import key_in
from luukku.events import actions
from luukku.events.models import Event, Group, How, SignUp
from luukku.events.queries import free_places, place_for
from luukku.events.states import HAND_OVER, PUT_ON, SignUpState
from luukku.web.counter.events.event import find_event
from luukku.web.counter.events.event_list import name_of
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.picking import PEOPLE
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events import answering
from luukku.web.parts.events.forms import sign_up_form
from luukku.web.ui.forms import Form
from luukku.web.ui.picks import PickField
from luukku.workflow.actions import require

S = SignUpState


class WhoForm(Form):
    """Who is to be signed up."""

    person = PickField(
        PEOPLE, label=gettext_lazy("Who comes?"), help_text=gettext_lazy("Name, e-mail or phone.")
    )


def put_on_form(event: Event, request: Request) -> Form:
    """Return the form: who comes, in which group, and the event's questions, all optional by phone."""
    form = sign_up_form(event, WhoForm)(data_of(request))
    form.fields["person"].queryset = PEOPLE.rows(request.user)
    if key := key_in(request.GET.get("person", "")):  # whose account has just been made
        form.fields["person"].initial = key
    for name, field in form.fields.items():
        field.required = name in {"person", "group"}
    return form


def _said(own: SignUp) -> str:
    """Say how a sign-up stands that was just made."""
    told = {"name": name_of(own)}
    if own.state == S.WAITING:
        return _("%(name)s is on the waiting list: every place was taken.") % told
    if own.state == S.CONFIRMED:
        return _("%(name)s has a place.") % told
    return _("%(name)s had signed up already.") % told


def _apply_for(request: Request, found: Event) -> HttpResponse:
    """Ask who applies for a training, and go on to their application with the training chosen."""
    form = WhoForm(data_of(request))
    form.fields["person"].label = _("Who applies?")
    form.fields["person"].queryset = PEOPLE.rows(request.user)
    if key := key_in(request.GET.get("person", "")):
        form.fields["person"].initial = key
    if form.is_bound and form.is_valid():
        at = reverse("counter:person-apply", args=[form.cleaned_data["person"].pk])
        run = getattr(found, "run", None)
        return SeeOther(f"{at}?run={run.pk}" if run else at)
    context = {"form": form, "event": found, "tabs": tabs(request, "events")}
    status = 422 if form.is_bound else 200
    return render(request, "counter/events/who_applies.html", context, status=status)


@page("coordinator", methods=("GET", "POST"))
def put_on(request: Request, pk: int) -> HttpResponse:
    """Sign somebody up by phone; where every place is taken, they come on the waiting list."""
    found = find_event(request, pk)
    if found.how == How.APPLICATION:
        return _apply_for(request, found)
    form = put_on_form(found, request)

    def act(event: Event, *, person: Any, **told: Any) -> SignUp:
        return actions.put_on(event, person, **told)

    context = {"form": form, "event": found, "tabs": tabs(request, "events")}
    context |= {"free": place_for("", list(free_places(found))), "groups": Group}
    return counter_act(
        request,
        act,
        found,
        form=form,
        ready=lambda: require(found, PUT_ON),
        page=lambda status: render(request, "counter/events/put_on.html", context, status=status),
        done=_said,
        to=see_other("counter:event", pk),
        back=see_other("counter:event", pk),
    )


def _offered_yes(sign_up: SignUp, **told: Any) -> SignUp:
    """Take for somebody by phone the place that waits for their yes."""
    return actions.say_yes(sign_up, on_behalf_of=sign_up.person, **told)


class HandOverForm(Form):
    """Who answers for the event from now on."""

    person = PickField(
        PEOPLE,
        label=gettext_lazy("Who answers for it from now on?"),
        help_text=gettext_lazy(
            "Somebody at the counter or of the organiser: name, e-mail or phone."
        ),
    )


@page("coordinator", methods=("GET", "POST"))
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Let somebody else answer for an event; both and the organiser are told."""
    found, form = find_event(request, pk), HandOverForm(data_of(request))
    form.fields["person"].queryset = PEOPLE.rows(request.user)

    def act(event: Event, *, person: Any, **told: Any) -> Event:
        return actions.hand_over(event, person, **told)

    return counter_act(
        request,
        act,
        found,
        form=form,
        ready=lambda: require(found, HAND_OVER),
        page=lambda _status: ask_first(
            request,
            tabs(request, "events"),
            title=_("Hand the event over"),
            lead=f"{found.title}: {found.responsible.name}",
            follows=[
                _("They answer for it from now on, and read what is asked in confidence."),
                _("Who answered until now, who does from now on, and the organiser are told."),
            ],
            label=_("Hand it over"),
            back=reverse("counter:event", args=[pk]),
            keep=_("Do not hand it over"),
            form=form,
            is_end=False,
        ),
        done=_("The event has been handed over."),
        to=see_other("counter:event", pk),
    )


AT_ONCE = answering.AT_ONCE | {
    "yes": (_offered_yes, gettext_lazy("%(name)s has a place.")),
}


@page("coordinator", methods=("GET", "POST"))
def answer(request: Request, pk: int, move: str) -> HttpResponse:
    """Answer somebody who has signed up, or withdraw for them; what they lose by it is asked first."""
    rows = SignUp.objects.select_related("event", "person", "guest")
    own = fetch(rows, pk, for_=request.user)
    return answering.answer(
        request,
        own,
        move,
        home=see_other("counter:event", own.event_id),
        tabs=tabs(request, "events"),
        act_by=counter_act,
        at_once=AT_ONCE,
    )
