"""The form with which a training is begun or changed: who holds it, when, where and for how many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.core.times import helsinki, instant
from luukku.events.actions import Time
from luukku.events.models import MOST_SEATS, Mode, Session
from luukku.organisations.models import MemberRole, Organisation, OrganisationQuerySet
from luukku.organisations.queries import stands_for
from luukku.taxonomy.models import Municipality
from luukku.training import actions
from luukku.training.models import Programme, Run
from luukku.training.queries import producers
from luukku.web.parts.events.forms import ask_where, require_where
from luukku.web.parts.taxonomy.choices import municipalities
from luukku.web.parts.training.forms import time_of
from luukku.web.ui.forms import DateInput, EditForm, TimeInput, of_our_time

ROWS = 8  # at least so many sessions can be given
PARTS = ("day", "from", "to")
ITS_EVENTS = ("mode", "municipality", "address", "meeting_url", "seats")
TOLD = ("organiser", "has_interview", "times", *ITS_EVENTS)


class RunForm(EditForm):
    """A time that a programme is held.

    Args:
        organisers: whose it can be.
        run: what is changed; None of a new one.
    """

    organiser = forms.ModelChoiceField(
        label=_("Who holds it?"), queryset=Organisation.objects.none()
    )
    responsible = forms.ModelChoiceField(
        label=_("Who answers for it?"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Somebody of the organisation. Empty: you."),
    )
    mode = forms.ChoiceField(label=_("How does one take part?"), widget=forms.RadioSelect)
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), required=False
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    meeting_url = forms.URLField(
        label=_("Link for taking part remotely"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown only to those who have a place."),
    )
    seats = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_SEATS)
    closes_on = forms.DateField(
        label=_("Last day to apply"),
        widget=DateInput,
        validators=[of_our_time],
        required=False,
        help_text=_("Leave empty if one can apply until it begins."),
    )
    has_interview = forms.BooleanField(
        label=_("Applicants are interviewed"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, organisers: OrganisationQuerySet, run: Run | None = None, **kwargs: Any
    ) -> None:
        self.run = run
        self.sessions = list(run.event.sessions.all()) if run else []
        self.numbers = range(1, max(ROWS, len(self.sessions) + 1) + 1)
        self.together = tuple(tuple(f"{part}{n}" for part in PARTS) for n in self.numbers)
        initial = (kwargs.pop("initial", None) or {}) | (_as_it_stands(run, self.sessions))
        super().__init__(*args, about=run and run.event, initial=initial, **kwargs)
        self.fields["responsible"].queryset = producers(organisers)
        self.fields["municipality"].queryset = municipalities()
        self.fields["mode"].choices = Mode.choices
        ask_where(self)
        if run:
            del self.fields["organiser"]  # people have applied to this one
        else:
            self.fields["organiser"].queryset = organisers
        for n in self.numbers:
            self._add_row(n)

    def _add_row(self, n: int) -> None:
        for part, label, field, widget in (
            ("day", _("Session %(n)s: date"), forms.DateField, DateInput),
            ("from", _("Session %(n)s: from"), forms.TimeField, TimeInput),
            ("to", _("Session %(n)s: to"), forms.TimeField, TimeInput),
        ):
            told = label % {"n": n}
            own = field(label=told, widget=widget({"class": "ds-input"}), required=n == 1)
            self.fields[f"{part}{n}"] = own

    def clean(self) -> dict[str, Any]:
        """Each session has a day, a start and an end after it; one applies before the first of them."""
        cleaned = super().clean()
        cleaned["times"] = [span for n in self.numbers if (span := self._span(n, cleaned))]
        require_where(self, cleaned)
        self._clean_last_day(cleaned)
        self._clean_responsible(cleaned)
        return cleaned

    def _clean_last_day(self, cleaned: dict[str, Any]) -> None:
        last = cleaned.get("closes_on")
        if last is None or "closes_on" not in self.changed_data:
            return
        if last < helsinki(timezone.now()).date():
            self.add_error("closes_on", _("This day has already passed. Choose a later one."))
        elif (
            cleaned["times"] and last > min(helsinki(t.starts_at) for t in cleaned["times"]).date()
        ):
            self.add_error("closes_on", _("One applies before the first session begins."))

    def _clean_responsible(self, cleaned: dict[str, Any]) -> None:
        organiser = cleaned.get("organiser") if self.run is None else self.run.event.organiser
        responsible = cleaned.get("responsible")
        if organiser is None or responsible is None:
            return
        if not stands_for(responsible, organiser, MemberRole.PRODUCER):
            self.add_error("responsible", _("Choose somebody of the organisation that holds it."))

    def _span(self, n: int, cleaned: dict[str, Any]) -> Time | None:
        parts = [cleaned.get(f"{part}{n}") for part in PARTS]
        if not any(part is not None for part in parts):
            return None
        if not all(part is not None for part in parts):
            for name, part in zip(PARTS, parts, strict=True):
                if part is None and f"{name}{n}" not in self.errors:
                    self.add_error(f"{name}{n}", _("Give the date, start and end of the session."))
            return None
        day, begins, ends = (known(part) for part in parts)
        start, end = time_of(self, f"from{n}", day, begins), time_of(self, f"to{n}", day, ends)
        if start is None or end is None:
            return None
        if end <= start:
            self.add_error(f"to{n}", _("The end must be after the start."))
            return None
        was = self.sessions[n - 1] if n <= len(self.sessions) else None
        return Time(start, end, was.place, was.pk) if was else Time(start, end)

    def arguments(self) -> dict[str, Any]:
        """Return what the act takes; nobody chosen to answer for it: whoever begins it, or did so far."""
        told = self.cleaned_data
        arguments = {name: told[name] for name in TOLD if name in told}
        if told["responsible"] is not None:
            arguments["responsible"] = told["responsible"]
        closes_on = told["closes_on"]
        arguments["closes_at"] = instant(closes_on, time(23, 59)) if closes_on else None
        return arguments


def _as_it_stands(run: Run | None, sessions: list[Session]) -> dict[str, Any]:
    if run is None:
        return {}
    event = run.event
    initial = {name: getattr(event, name) for name in ITS_EVENTS if name != "municipality"}
    initial |= {"municipality": event.municipality_id, "responsible": event.responsible_id}
    initial |= {"has_interview": run.has_interview}
    initial["closes_on"] = helsinki(event.closes_at).date() if event.closes_at else None
    for n, session in enumerate(sessions, 1):
        start, end = helsinki(session.starts_at), helsinki(session.ends_at)
        initial |= {f"day{n}": start.date(), f"from{n}": start.time(), f"to{n}": end.time()}
    return initial


def begin(programme: Programme, *, by: User, at: datetime, **told: Any) -> Run:
    """Begin a run; what is refused of its times is told at the first of them."""
    return _told_at_the_first(actions.begin_run, programme, by=by, at=at, **told)


def change(run: Run, *, by: User, at: datetime, **told: Any) -> Run:
    """Change a run; what is refused of its times is told at the first of them."""
    return _told_at_the_first(actions.change_run, run, by=by, at=at, **told)


def _told_at_the_first(act: Callable[..., Run], *given: Any, **told: Any) -> Run:
    try:
        return act(*given, **told)
    except Refused as refusal:
        refusal.field = {"times": "day1", "closes_at": "closes_on"}.get(
            refusal.field, refusal.field
        )
        raise
