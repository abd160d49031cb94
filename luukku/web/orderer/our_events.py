"""Events that the organisation arranges itself: the list, one event, who comes, and who was there."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, has_words, in_finnish
from luukku.core.times import helsinki
from luukku.events.models import Event, EventQuerySet, Kind, Session, SignUp
from luukku.events.queries import contacts_until, to_decide
from luukku.events.states import CHECK_IN, OPEN_EVENTS, EventState
from luukku.feedback.queries import thoughts_of_event
from luukku.web.kit.access import page
from luukku.web.kit.acts import form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.parts.events import answering
from luukku.web.parts.events.attendance import mark, paper_of
from luukku.web.parts.events.coming import coming, groups_of, sessions_of
from luukku.web.parts.events.facts import event_view
from luukku.web.parts.events.materials import materials_view
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter, TextFilter
from luukku.workflow.queries import may

TAB = "our-events"
KEEPS = ("background", "producer")  # the roles in whose name an organisation arranges events


def find_ours(request: Request, pk: int) -> Event:
    """Return an event that an organisation arranges for which the person stands, with its numbers.

    Raises:
        Http404: there is none; another organisation's is none.
    """
    rows = Event.objects.visible_to(request.user).kept_by(request.user).with_numbers()
    return get_object_or_404(rows.select_related("organiser", "responsible", "language"), pk=pk)


def _called(rows: EventQuerySet, words: str) -> EventQuerySet:
    return rows.filter(has_words(words, "title_fi") | has_words(words, "address"))


class OurEventFilters(Filters):
    """By what the organisation looks for an event of its own."""

    state = StateFilter(
        EventState,
        groups={"open": (gettext_lazy("Still to come"), {EventState.DRAFT, *OPEN_EVENTS})},
        initial="open",
    )
    kind = ChoiceFilter(label=gettext_lazy("Kind of event"), choices=Kind.choices)
    q = TextFilter(_called, help_text=gettext_lazy("Title or address."))


def _rows(request: Request) -> EventQuerySet:
    here = organisation_of(request)
    rows = Event.objects.visible_to(request.user).kept_by(request.user).filter(organiser=here)
    return rows.with_numbers()


OUR_EVENTS = Listing(
    name="our-events",
    title=gettext_lazy("Our events"),
    rows=_rows,
    filters=OurEventFilters,
    columns=(
        Column("title", gettext_lazy("Event"), lambda row: row.title, order=in_finnish("title_fi"), names_row=True),
        Column("time", gettext_lazy("Begins"), lambda row: row.starts_at, order="starts_at"),
        Column("taken", gettext_lazy("Places taken"), lambda row: f"{row.taken}/{row.seats}", order="taken"),
        Column("waiting", gettext_lazy("On the waiting list"), lambda row: row.waiting or "", order="waiting"),
        Column("applied", gettext_lazy("Waiting for approval"), lambda row: row.applied or "", order="applied"),
        Column("state", gettext_lazy("State"), lambda row: row.state_label,
               order=lambda: by_label("state", EventState), shows=tags.state, is_plain=True),
    ),
    order="time",
    url=lambda row: reverse("orderer:our-event", args=[row.pk]),
)  # fmt: skip


@page(*KEEPS)
def our_events(request: Request) -> HttpResponse:
    """The events of the organisation on whose desk the person is, the soonest first."""
    may_make = may("events.make", Event(organiser=organisation_of(request)), request.user)
    return show(
        request, "orderer/events/ours.html", TAB, list=OUR_EVENTS.read(request), may_make=may_make
    )


@page(*KEEPS)
def our_event(request: Request, pk: int) -> HttpResponse:
    """One event of ours whole: what it is, who comes, who waits for an answer, who was there."""
    found, now = find_ours(request, pk), timezone.now()
    return show(
        request,
        "orderer/events/our.html",
        TAB,
        event=found,
        view=event_view(found, None, at=now),
        sessions=sessions_of(found, at=now),
        materials=materials_view(found, request.user, None, at=now),
        questions=found.questions.all(),
        groups=groups_of(coming(found, request.user, at=now)),
        is_to_decide=to_decide(found, on=helsinki(now).date()),
        thoughts=thoughts_of_event(found, at=now),
        contacts_until=contacts_until(found),
        now=now,
    )


@page(*KEEPS, methods=("GET", "POST"))
def answer(request: Request, pk: int, move: str) -> HttpResponse:
    """Answer somebody who has signed up for an event of ours, or withdraw for them."""
    held = Q(event__in=Event.objects.visible_to(request.user).kept_by(request.user))
    rows = SignUp.objects.filter(held).select_related("event", "person", "guest")
    own = fetch(rows, pk, for_=request.user)
    return answering.answer(
        request,
        own,
        move,
        home=see_other("orderer:our-event", own.event_id),
        tabs=tabs(request, TAB),
        act_by=form_act,
    )


@page(*KEEPS, methods=("GET", "POST"))
def check_in(request: Request, pk: int) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can."""
    ours = Event.objects.visible_to(request.user).kept_by(request.user)
    session = get_object_or_404(Session.objects.select_related("event"), pk=pk, event__in=ours)
    home = see_other("orderer:our-event", session.event_id)

    def shown(template: str, **context: Any) -> HttpResponse:
        return show(request, template, TAB, **context)

    return mark(
        request,
        session,
        act_by=form_act,
        show=shown,
        back=(home, _("The event")),
        to=home,
    )


@page(*KEEPS)
def paper(request: Request, pk: int) -> HttpResponse:
    """Names and empty boxes for each session, for paper; only of what is to be marked."""
    ours = Event.objects.visible_to(request.user).kept_by(request.user)
    found = fetch(ours, pk, for_=request.user)
    home = see_other("orderer:our-event", pk)
    if not may(CHECK_IN.name, found, request.user):
        return home
    context = paper_of(found) | {"back": home.url, "back_label": _("The event")}
    return show(request, "parts/events/paper.html", TAB, **context)
