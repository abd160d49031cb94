"""Making an event of the organisation's own, changing it, showing it to everybody and calling it off."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.events import actions
from luukku.events.models import Audience, Event, Kind
from luukku.events.queries import keepers_of
from luukku.events.states import EDIT
from luukku.organisations.models import Organisation
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fresh
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.orderer.our_events import KEEPS, TAB, find_ours
from luukku.web.parts.events import answering, writing
from luukku.web.parts.events.event_form import EventForm
from luukku.workflow.actions import require
from luukku.workflow.queries import may

# Basic trainings and practice lectures belong to runs of a programme, the steering group's meetings to the counter.
NOT_OURS = {Kind.BASIC, Kind.PRACTICE_LECTURE, Kind.STEERING}


class OurEventForm(EventForm):
    """What an event of the organisation's own says, and who of its people answers for it."""

    responsible: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=gettext_lazy("Who answers for it?"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("I do"),
        help_text=gettext_lazy("Gets a letter when a place becomes free at the last moment."),
    )

    def __init__(
        self, *args: Any, by: User, organiser: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, by=by, **kwargs)
        kept = self.instance.kind if self.instance.pk else ""  # what the counter made of it stays
        offered = [(key, name) for key, name in Kind.choices if key not in NOT_OURS or key == kept]
        self.fields["kind"].choices = [("", _("Choose")), *offered]
        # People are put on the list at the counter only: an organisation that chose so could add nobody.
        is_invited = bool(self.instance.pk) and self.instance.audience == Audience.INVITED
        self.fields["audience"].choices = [
            (key, name) for key, name in Audience.choices if is_invited or key != Audience.INVITED
        ]
        if "responsible" in self.fields:
            self.fields["responsible"].queryset = keepers_of(organiser).exclude(pk=by.pk)
            self.fields["responsible"].label_from_instance = lambda person: person.name


def _form_page(
    request: Request,
    template: str,
    *,
    form: object,
    event: Event | None,
    status: int,
    **more: object,
) -> HttpResponse:
    home = reverse("orderer:our-events")
    back = reverse("orderer:our-event", args=[event.pk]) if event else home
    return show(
        request,
        f"orderer/events/{template}.html",
        TAB,
        status=status,
        form=form,
        event=event,
        back=back,
        back_label=_("Our events"),
        **more,
    )


@page(*KEEPS, methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Begin a draft in the name of the organisation on whose desk the person is; its times come next."""
    here, home = organisation_of(request), see_other("orderer:our-events")
    if not may("events.make", Event(organiser=here), request.user):
        return home
    form = OurEventForm(data_of(request), by=request.user, organiser=here)
    return form_act(
        request,
        actions.make,
        here,
        form=form,
        page=lambda status: _form_page(request, "our_form", form=form, event=None, status=status),
        done=_("The event is a draft now. Give its times next."),
        to=lambda made: see_other("orderer:our-event-times", made.pk),
        back=home,
    )


@page(*KEEPS, methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what an event says of itself; more places go to the waiting list at once."""
    found = find_ours(request, pk)
    form = OurEventForm(data_of(request), instance=fresh(found), by=request.user)
    return form_act(
        request,
        actions.edit,
        found,
        form=form,
        ready=lambda: require(found, EDIT),
        page=lambda status: _form_page(request, "our_form", form=form, event=found, status=status),
        done=_("Saved."),
        to=see_other("orderer:our-event", pk),
    )


@page(*KEEPS, methods=("GET", "POST"))
def times(request: Request, pk: int) -> HttpResponse:
    """Give an event its times, or move them: everybody keeps their place and is told."""
    found, here = find_ours(request, pk), see_other("orderer:our-event-times", pk)
    return writing.times(request, found, **_written(request, "our_times", found), here=here)


@page(*KEEPS, methods=("GET", "POST"))
def questions(request: Request, pk: int) -> HttpResponse:
    """Write what a draft asks of those who sign up."""
    found = find_ours(request, pk)
    return writing.questions(request, found, **_written(request, "our_questions", found))


@page(*KEEPS, methods=("GET", "POST"))
def materials(request: Request, pk: int) -> HttpResponse:
    """Add, rename and take away what an event gives to read."""
    found = find_ours(request, pk)
    return writing.materials(request, found, **_written(request, "our_materials", found))


def _written(request: Request, template: str, event: Event) -> dict[str, Any]:
    """Return how ``parts.events.writing`` acts and shows its page here."""
    return {
        "act_by": form_act,
        "show": partial(_form_page, request, template, event=event),
        "home": see_other("orderer:our-event", event.pk),
    }


@page(*KEEPS, methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Bring an event of ours on; what shows it to everybody is asked first."""
    found, home = find_ours(request, pk), see_other("orderer:our-event", pk)
    if move in answering.MOVES:
        act, done = answering.MOVES[move]
        if request.method != "POST":
            return home
        return form_act(request, act, found, done=str(done), to=home)
    if move != "publish":
        raise Http404
    return answering.publish(request, found, home=home, tabs=tabs(request, TAB), act_by=form_act)


@page(*KEEPS, methods=("GET", "POST"))
def call_off(request: Request, pk: int) -> HttpResponse:
    """Call an event of ours off with a reason that everybody is told."""
    return answering.call_off(
        request,
        find_ours(request, pk),
        home=see_other("orderer:our-event", pk),
        tabs=tabs(request, TAB),
        act_by=form_act,
    )
