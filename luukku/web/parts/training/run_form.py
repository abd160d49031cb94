"""The form with which a training is begun or changed: who holds it, when, where and for how many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
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
from luukku.web.parts.training.forms import FARTHEST, PASSED, TOO_FAR, time_of
from luukku.web.ui.forms import DateInput, EditForm, LinkField, TimeInput, of_our_time

ROWS = 8  # at least so many sessions can be given
PARTS = ("day", "from", "to")
FIELDS = (forms.DateField(), forms.TimeField(), forms.TimeField())
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
        label=_("Who answers for the training?"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Somebody of the organisation. Empty: you."),
    )
    mode = forms.ChoiceField(label=_("How does one take part?"), widget=forms.RadioSelect)
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), required=False
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    meeting_url = LinkField(
        label=_("Link for taking part remotely"),
        required=False,
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
        # By its key, not its turn: somebody else may add one before it while this is open.
        self.sessions = {f"_{one.pk}": one for one in run.event.sessions.all()} if run else {}
        more = range(1, max(ROWS - len(self.sessions), 1) + 1)
        self.keys = [*self.sessions, *map(str, more)]
        self.together = tuple(tuple(f"{part}{key}" for part in PARTS) for key in self.keys)
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
        for n, key in enumerate(self.keys, 1):
            self._add_row(n, key)
        self.gone = self._gone()

    def _add_row(self, n: int, key: str) -> None:
        for part, label, field, widget in (
            ("day", _("Session %(n)s: date"), forms.DateField, DateInput),
            ("from", _("Session %(n)s: from"), forms.TimeField, TimeInput),
            ("to", _("Session %(n)s: to"), forms.TimeField, TimeInput),
        ):
            told = label % {"n": n}
            is_required = n == 1 and self.run is None
            own = field(label=told, widget=widget({"class": "ds-input"}), required=is_required)
            self.fields[f"{part}{key}"] = own

    def _merge(self) -> None:
        for key in self.sessions:
            if f"day{key}" not in self.data:  # somebody else has just added it
                self._take_theirs(tuple(f"{part}{key}" for part in PARTS))
        super()._merge()

    def _gone(self) -> list[str]:
        """Return the days typed for sessions that somebody else has taken away while this was open."""
        if not self.is_bound or self.run is None:
            return []
        days = {
            name: self.data[name]
            for name in self.data
            if name.startswith("day_") and self.data[name]
        }
        gone = {name.removeprefix("day"): day for name, day in days.items()}
        return [
            day
            for key, day in gone.items()
            if key not in self.sessions
            and any(
                self.was_changed(f"{part}{key}", field)
                for part, field in zip(PARTS, FIELDS, strict=True)
            )
        ]

    def clean(self) -> dict[str, Any]:
        """Each session has a day, a start and an end after it; one applies before the first of them."""
        cleaned = super().clean()
        cleaned["times"] = [span for key in self.keys if (span := self._span(key, cleaned))]
        self._clean_sessions(cleaned)
        require_where(self, cleaned)
        self._clean_last_day(cleaned)
        self._clean_beside(cleaned)
        self._clean_responsible(cleaned)
        return cleaned

    def _clean_sessions(self, cleaned: dict[str, Any]) -> None:
        for day in self.gone:
            self.add_error(
                None,
                _(
                    "Somebody else has taken away a session that you changed (%(day)s). Write it on an empty row if it"
                    " is held all the same."
                )
                % {"day": day},
            )
        first = f"day{self.keys[0]}"
        if self.run is not None and not cleaned["times"] and not self.errors:
            self.add_error(first, _("Give the date, start and end of the session."))

    def _clean_beside(self, cleaned: dict[str, Any]) -> None:
        """Keep to what the counter has set on the same event, and this form does not show."""
        if self.run is None:
            return
        event, seats = self.run.event, cleaned.get("seats")
        fewest = max(
            event.min_seats or 0, (event.quota_professionals or 0) + (event.quota_experts or 0)
        )
        if seats is not None and seats < fewest:
            self.add_error(
                "seats",
                _(
                    "The counter has set that there are at least %(number)s places. Give as many, or ask the counter"
                    " to change it."
                )
                % {"number": fewest},
            )
        last = self._closes_at(cleaned)
        if event.opens_at is not None and last is not None and last <= event.opens_at:
            self.add_error(
                "closes_on",
                _("Applying begins on %(day)s. Choose a later day.")
                % {"day": date_format(helsinki(event.opens_at), "SHORT_DATE_FORMAT")},
            )

    def _closes_at(self, cleaned: dict[str, Any]) -> datetime | None:
        """Return when applying ends; the hour that was set elsewhere stays as long as its day does."""
        last = cleaned.get("closes_on")
        if self.run is not None and "closes_on" not in self.changed_data:
            return self.run.event.closes_at
        return instant(last, time(23, 59)) if last else None

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

    def _span(self, key: str, cleaned: dict[str, Any]) -> Time | None:
        was = self.sessions.get(key)
        parts = [cleaned.get(f"{part}{key}") for part in PARTS]
        if not any(part is not None for part in parts):
            return None
        if not all(part is not None for part in parts):
            for name, part in zip(PARTS, parts, strict=True):
                if part is None and f"{name}{key}" not in self.errors:
                    self.add_error(
                        f"{name}{key}", _("Give the date, start and end of the session.")
                    )
            return None
        day, begins, ends = (known(part) for part in parts)
        if was is not None and (day, begins, ends) == _as_shown(was):
            return _as_it_is(was)  # also where the clock shows it twice
        start, end = time_of(self, f"from{key}", day, begins), time_of(self, f"to{key}", day, ends)
        if start is None or end is None:
            return None
        if end <= start:
            self.add_error(f"to{key}", _("The end must be after the start."))
            return None
        if (was is None or was.starts_at != start) and (fault := _out_of_reach(start)):
            self.add_error(f"day{key}", str(fault))
            return None
        return Time(start, end, was.place, was.pk) if was else Time(start, end)

    def arguments(self) -> dict[str, Any]:
        """Return what the act takes; nobody chosen to answer for it: whoever begins it, or did so far."""
        told = self.cleaned_data
        arguments = {name: told[name] for name in TOLD if name in told}
        if told["responsible"] is not None:
            arguments["responsible"] = told["responsible"]
        arguments["closes_at"] = self._closes_at(told)
        return arguments


def _out_of_reach(start: datetime) -> str | Promise | None:
    now = timezone.now()
    if start <= now:
        return PASSED
    return TOO_FAR if start > now + FARTHEST else None


def _as_it_is(session: Session) -> Time:
    return Time(session.starts_at, session.ends_at, session.place, session.pk)


def _as_shown(session: Session) -> tuple[date, time, time]:
    """Return the day, start and end as the boxes show them."""
    start, end = helsinki(session.starts_at), helsinki(session.ends_at)
    return start.date(), _to_the_minute(start.time()), _to_the_minute(end.time())


def _to_the_minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)


def _as_it_stands(run: Run | None, sessions: dict[str, Session]) -> dict[str, Any]:
    if run is None:
        return {}
    event = run.event
    initial = {name: getattr(event, name) for name in ITS_EVENTS if name != "municipality"}
    initial |= {"municipality": event.municipality_id, "responsible": event.responsible_id}
    initial |= {"has_interview": run.has_interview}
    initial["closes_on"] = helsinki(event.closes_at).date() if event.closes_at else None
    for key, session in sessions.items():
        shown = zip(PARTS, _as_shown(session), strict=True)
        initial |= {f"{part}{key}": value for part, value in shown}
    return initial


def begin(programme: Programme, *, by: User, at: datetime, **told: Any) -> Run:
    """Begin a run; what is refused of its times is told at the first of them."""
    return _told_at_the_first("day1", actions.begin_run, programme, by=by, at=at, **told)


def change(run: Run, *, by: User, at: datetime, **told: Any) -> Run:
    """Change a run; what is refused of its times is told at the first of them."""
    first = run.event.sessions.first()
    name = f"day_{first.pk}" if first else "day1"
    return _told_at_the_first(name, actions.change_run, run, by=by, at=at, **told)


def _told_at_the_first(name: str, act: Callable[..., Run], *given: Any, **told: Any) -> Run:
    try:
        return act(*given, **told)
    except Refused as refusal:
        refusal.field = {"times": name, "closes_at": "closes_on"}.get(refusal.field, refusal.field)
        raise
