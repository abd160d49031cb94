"""Every event, and everybody who has signed up for one."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, has_words, in_finnish
from luukku.core.times import instant
from luukku.events.finding import holding
from luukku.events.models import Event, EventQuerySet, Kind, Mode, SignUp, SignUpQuerySet, Via
from luukku.events.states import LIVE_SIGN_UPS, OPEN_EVENTS, EventState, SignUpState
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.request import Request
from luukku.web.parts.events.attendance import name_of
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, DayFilter, Filters, StateFilter, TextFilter


def _since(rows: EventQuerySet, day: date) -> EventQuerySet:
    return rows.filter(ends_at__gte=instant(day, time()))


def _until(rows: EventQuerySet, day: date) -> EventQuerySet:
    return rows.filter(starts_at__lt=instant(day, time()) + timedelta(days=1))


class EventFilters(Filters):
    """By what the counter looks for an event."""

    state = StateFilter(
        EventState,
        groups={"open": (gettext_lazy("Still to come"), {EventState.DRAFT, *OPEN_EVENTS})},
        initial="open",
    )
    kind = ChoiceFilter(label=gettext_lazy("Kind of event"), choices=Kind.choices)
    since = DayFilter(_since, label=gettext_lazy("Event from"))
    until = DayFilter(_until, label=gettext_lazy("Event until"))
    q = TextFilter(holding, help_text=gettext_lazy("Title, address, town or organiser."))


def _rows(request: Request) -> EventQuerySet:
    rows = Event.objects.visible_to(request.user).with_numbers()
    return rows.select_related("organiser", "municipality")


def where(event: Event) -> str:
    """Return in a few words where it is held."""
    if event.mode == Mode.REMOTE:
        return str(Mode.REMOTE.label)
    town = event.municipality.name if event.municipality else event.address
    return f"{town} · {Mode.BOTH.label}" if event.mode == Mode.BOTH else town


EVENTS = Listing(
    name="events",
    title=gettext_lazy("Events"),
    rows=_rows,
    filters=EventFilters,
    columns=(
        Column("title", gettext_lazy("Event"), lambda row: row.title, order=in_finnish("title_fi"), names_row=True),
        Column("time", gettext_lazy("Begins"), lambda row: row.starts_at, order="starts_at"),
        Column("kind", gettext_lazy("Kind of event"), lambda row: row.get_kind_display(),
               order=lambda: by_label("kind", Kind)),
        Column("where", gettext_lazy("Where"), where, order=in_finnish("municipality__name_fi")),
        Column("taken", gettext_lazy("Places taken"), lambda row: f"{row.taken}/{row.seats}", order="taken"),
        Column("free", gettext_lazy("Free"), lambda row: row.free, order="free"),
        Column("waiting", gettext_lazy("On the waiting list"), lambda row: row.waiting or "", order="waiting"),
        Column("applied", gettext_lazy("Waiting for approval"), lambda row: row.applied or "", order="applied"),
        Column("state", gettext_lazy("State"), lambda row: row.state_label,
               order=lambda: by_label("state", EventState), shows=tags.state, is_plain=True),
    ),
    order="time",
    url=lambda row: reverse("counter:event", args=[row.pk]),
)  # fmt: skip


@page("coordinator")
def events(request: Request) -> HttpResponse:
    """Every event, the soonest first."""
    return show_list(
        request,
        EVENTS,
        lead=_("Everything that people sign up for: trainings, peer meetings, information sessions."),
        empty=_("No events here."),
        acts=[
            (reverse("counter:event-new"), _("Make an event")),
            (reverse("counter:event-people"), _("Everybody who has signed up")),
        ],
    )  # fmt: skip


def _called(rows: SignUpQuerySet, words: str) -> SignUpQuerySet:
    """Return the sign-ups of people with an account who are called so; names of guests lie encrypted."""
    return rows.filter(Q(person__isnull=False) & has_words(words, "person__name"))


class SignUpFilters(Filters):
    """By what the counter looks for somebody who has signed up."""

    state = StateFilter(
        SignUpState, groups={"live": (gettext_lazy("Come or wait"), LIVE_SIGN_UPS)}, initial="live"
    )
    kind = ChoiceFilter(
        label=gettext_lazy("Kind of event"), choices=Kind.choices, field_name="event__kind"
    )
    via = ChoiceFilter(label=gettext_lazy("How it came"), choices=Via.choices)
    q = TextFilter(_called, help_text=gettext_lazy("Name of somebody with an account."))


def _sign_ups(request: Request) -> SignUpQuerySet:
    rows = SignUp.objects.visible_to(request.user)
    return rows.select_related("event", "person", "guest")


SIGN_UPS = Listing(
    name="event-people",
    tab="events",
    title=gettext_lazy("Everybody who has signed up"),
    rows=_sign_ups,
    filters=SignUpFilters,
    columns=(
        Column("name", gettext_lazy("Name"), name_of, order=in_finnish("person__name"), names_row=True),
        Column("event", gettext_lazy("Event"), lambda row: row.event.title, order=in_finnish("event__title_fi")),
        Column("time", gettext_lazy("Begins"), lambda row: row.event.starts_at, order="event__starts_at"),
        Column("since", gettext_lazy("Signed up on"), lambda row: row.made_at, order="made_at"),
        Column("via", gettext_lazy("How it came"), lambda row: row.get_via_display(),
               order=lambda: by_label("via", Via)),
        Column("state", gettext_lazy("State"), lambda row: row.state_label,
               order=lambda: by_label("state", SignUpState), shows=tags.state, is_plain=True),
    ),
    order="time",
    url=lambda row: reverse("counter:event", args=[row.event_id]),
)  # fmt: skip


@page("coordinator")
def event_people(request: Request) -> HttpResponse:
    """Everybody who has signed up for an event, the soonest first."""
    return show_list(
        request,
        SIGN_UPS,
        empty=_("Nobody here."),
        back=(reverse("counter:events"), _("Events")),
    )
