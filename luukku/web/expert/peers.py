"""Peer meetings that an expert of the steering group arranges: the list, one meeting, making and changing it."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.events import actions
from luukku.events.models import MOST_SEATS, Event, EventQuerySet, Mode
from luukku.events.queries import first_names, may_lead_peers
from luukku.events.states import EDIT, REPEAT, EventState
from luukku.web.expert.frame import show, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch, fresh
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events import answering, writing
from luukku.web.parts.events.facts import event_view
from luukku.web.parts.events.forms import ask_where, require_where
from luukku.web.parts.events.materials import materials_view
from luukku.web.parts.events.repeat_form import RepeatForm
from luukku.web.parts.events.times_form import PASSED, TOO_FAR
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui import tags
from luukku.web.ui.filters import Filters, StateFilter
from luukku.web.ui.forms import DateInput, LinkField, ModelForm, TimeInput
from luukku.workflow.actions import require

TAB = "desk"
SOON = {EventState.DRAFT, EventState.PUBLISHED, EventState.CLOSED}
FARTHEST = timedelta(days=2 * 366)


class PeerFilters(Filters):
    """By whether it is still to come."""

    state = StateFilter(
        EventState, groups={"open": (gettext_lazy("Still to come"), SOON)}, initial="open"
    )


def _led(request: Request) -> EventQuerySet:
    """Return the meetings for which the person answers.

    Raises:
        Http404: they are no expert of the steering group now.
    """
    if not may_lead_peers(request.user):
        raise Http404
    return Event.objects.visible_to(request.user).led_by(request.user).with_numbers()


PEERS = Listing(
    name="led-peers",
    title=gettext_lazy("Peer meetings that you lead"),
    rows=_led,
    filters=PeerFilters,
    columns=(
        Column("time", gettext_lazy("Begins"), lambda row: row.starts_at, order="starts_at", names_row=True),
        Column("place", gettext_lazy("Place"), lambda row: row.municipality or row.get_mode_display()),
        Column("taken", gettext_lazy("Places taken"), lambda row: f"{row.taken}/{row.seats}", order="taken"),
        Column("waiting", gettext_lazy("On the waiting list"), lambda row: row.waiting or "", order="waiting"),
        Column("state", gettext_lazy("State"), lambda row: row.state_label, shows=tags.state, is_plain=True),
    ),
    order="time",
    url=lambda row: reverse("expert:peer", args=[row.pk]),
)  # fmt: skip


def _find(request: Request, pk: int) -> Event:
    """Return one of the person's own meetings.

    Raises:
        Http404: it is another's, or they lead none any more.
    """
    rows = _led(request).select_related("municipality", "organiser", "responsible", "language")
    return fetch(rows, pk, for_=request.user)


class WhereForm(ModelForm):
    """Where a peer meeting is held and how many can come."""

    meeting_url = LinkField(
        label=gettext_lazy("Link for taking part remotely"),
        required=False,
    )

    class Meta:
        model = Event
        fields = ("mode", "municipality", "address", "meeting_url", "accessibility", "seats")
        widgets = {"mode": forms.RadioSelect, "accessibility": forms.Textarea}
        labels = {
            "mode": gettext_lazy("How does one take part?"),
            "seats": gettext_lazy("How many places?"),
        }
        help_texts = {
            "accessibility": gettext_lazy(
                "Steps, lift, induction loop, a quiet room, parking, the nearest stop …"
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = Mode.choices
        self.fields["seats"].validators += [MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
        offer_municipalities(self.fields["municipality"])
        ask_where(self)

    def clean(self) -> dict[str, Any]:
        """Ask for an address where one comes to."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        require_where(self, cleaned)
        return cleaned


class NewForm(WhereForm):
    """When, where and for how many: the whole of a new meeting. Its name is "Peer meeting" and tells no theme."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=DateInput({"class": "ds-input"}))
    begins = forms.TimeField(label=gettext_lazy("From"), widget=TimeInput({"class": "ds-input"}))
    ends = forms.TimeField(label=gettext_lazy("To"), widget=TimeInput({"class": "ds-input"}))
    field_order = ("day", "begins", "ends", *WhereForm.Meta.fields)

    def clean(self) -> dict[str, Any]:
        """Make the time; a day that has passed or an end before the start is told at its field."""
        cleaned = super().clean()
        day, begins, ends = (cleaned.get(name) for name in ("day", "begins", "ends"))
        if day is None or begins is None or ends is None:
            return cleaned
        if ends <= begins:
            self.add_error(
                "ends", gettext_lazy("The end is not after the start. Change one of them.")
            )
        elif day.year < 2000:  # a slip of the keyboard, which no clock of ours knows
            self.add_error("day", PASSED)
        elif not day < helsinki(timezone.now()).date() + FARTHEST:
            self.add_error("day", TOO_FAR)
        else:
            self._take(day, begins, ends)
        return cleaned

    def _take(self, day: date, begins: time, ends: time) -> None:
        try:
            self.time = actions.Time(instant(day, begins), instant(day, ends), "")
        except (NoSuchTime, TwoSuchTimes):
            self.add_error(
                "begins", gettext_lazy("That night the clocks are turned. Choose another time.")
            )
            return
        if self.time.starts_at <= timezone.now():
            self.add_error("day", PASSED)

    def arguments(self) -> dict[str, Any]:
        """Return the time, and where it is held."""
        return {"time": self.time} | {
            name: self.cleaned_data[name] for name in WhereForm.Meta.fields
        }


def _page(
    request: Request, name: str, event: Event | None, *, status: int = 200, **more: object
) -> HttpResponse:
    home = reverse("expert:peer", args=[event.pk]) if event else reverse("expert:peers")
    return show(
        request, f"expert/peers/{name}.html", TAB, status=status, event=event, back=home, **more
    )


@page("expert")
def peers(request: Request) -> HttpResponse:
    """The meetings that one leads, the soonest first."""
    return _page(request, "list", None, list=PEERS.read(request))


@page("expert", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Arrange a meeting: a draft, which nobody sees before it is published."""
    _led(request)
    form = NewForm(data_of(request))
    return form_act(
        request,
        actions.arrange_peers,
        form=form,
        page=lambda status: _page(request, "form", None, status=status, form=form),
        done=_("The meeting is a draft now. Look at it, repeat it if you like, and publish it."),
        to=lambda made: see_other("expert:peer", made.pk),
    )


@page("expert")
def peer(request: Request, pk: int) -> HttpResponse:
    """One meeting: when and where, how many come and by which first names they know each other."""
    found, now = _find(request, pk), timezone.now()
    return _page(
        request,
        "detail",
        found,
        view=event_view(found, None, at=now),
        materials=materials_view(found, request.user, None, at=now),
        first_names=first_names(found, request.user, at=now),
        in_series=_led(request).of_series(found).exclude(pk=found.pk),
        now=now,
    )


@page("expert", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change where it is held or how many can come; who comes is told of another place."""
    found = _find(request, pk)
    form = WhereForm(data_of(request), instance=fresh(found))
    return form_act(
        request,
        actions.edit,
        found,
        form=form,
        ready=lambda: require(found, EDIT),
        page=lambda status: _page(request, "form", found, status=status, form=form),
        done=_("Saved."),
        to=see_other("expert:peer", pk),
    )


@page("expert", methods=("GET", "POST"))
def times(request: Request, pk: int) -> HttpResponse:
    """Move it: everybody keeps their place and is told."""
    found, here = _find(request, pk), see_other("expert:peer-times", pk)
    return writing.times(request, found, **_written(request, "times", found), here=here)


@page("expert", methods=("GET", "POST"))
def materials(request: Request, pk: int) -> HttpResponse:
    """Add, rename and take away what the meeting gives to read, to those who have a place only."""
    found = _find(request, pk)
    return writing.materials(request, found, **_written(request, "materials", found))


def _written(request: Request, template: str, event: Event) -> dict[str, Any]:
    """Return how ``parts.events.writing`` acts and shows its page here."""
    return {
        "act_by": form_act,
        "show": partial(_page, request, template, event),
        "home": see_other("expert:peer", event.pk),
    }


@page("expert", methods=("GET", "POST"), makes_one=True)
def repeat(request: Request, pk: int) -> HttpResponse:
    """Hold it on further days; they are shown first."""
    found = _find(request, pk)
    form = RepeatForm(found, data_of(request))
    if form.is_bound and form.is_valid() and form.wants_days():
        form = RepeatForm(found, form.with_days())
        form.is_valid()
        return _page(request, "repeat", found, form=form)
    return form_act(
        request,
        actions.repeat,
        found,
        form=form,
        ready=lambda: require(found, REPEAT),
        page=lambda status: _page(request, "repeat", found, status=status, form=form),
        done=lambda made: (
            ngettext(
                "%(number)s draft has been made. Look at it and publish it.",
                "%(number)s drafts have been made. Look at them and publish them.",
                len(made),
            )
            % {"number": len(made)}
        ),
        to=see_other("expert:peers"),
    )


@page("expert", methods=("GET", "POST"))
def publish(request: Request, pk: int) -> HttpResponse:
    """Show it to the experts in the bank, who can sign up then."""
    return answering.publish(
        request,
        _find(request, pk),
        home=see_other("expert:peer", pk),
        tabs=tabs(TAB),
        act_by=form_act,
    )


@page("expert", methods=("GET", "POST"))
def call_off(request: Request, pk: int) -> HttpResponse:
    """Call it off with a reason that everybody is told."""
    return answering.call_off(
        request,
        _find(request, pk),
        home=see_other("expert:peer", pk),
        tabs=tabs(TAB),
        act_by=form_act,
    )
