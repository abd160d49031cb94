"""The form of an event's times: those that stand, and a few more."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.events.actions import Time
from luukku.events.models import Event, Session
from luukku.events.states import EventState
from luukku.web.ui.forms import DateInput, EditForm, TimeInput

MORE = 3  # empty rows; saved once more, there are three again
PARTS = ("day", "from", "to", "place")
NEEDED = PARTS[:3]
PASSED = _("This time has already passed. Choose a later one.")
TOO_FAR = _("This is more than two years away. Check the year.")
FARTHEST = timedelta(days=2 * 366)


class TimesForm(EditForm):
    """When an event is held: of each time the day, the start and the end, and a place of its own.

    A row that is emptied is taken away. An evening may end after midnight.

    Attributes:
        times: what was given, without a fault.
    """

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, about=event, **kwargs)
        self.sessions = {str(one.pk): one for one in event.sessions.all()}
        self.keys = [*self.sessions, *(f"new{n}" for n in range(1, MORE + 1))]
        for number, key in enumerate(self.keys, 1):
            self._add_row(key, number, self.sessions.get(key))
        self.together = tuple(tuple(f"{part}_{key}" for part in PARTS) for key in self.keys)
        self.times: list[tuple[str, Time]] = []

    def _add_row(self, key: str, number: int, session: Session | None) -> None:
        start = session and helsinki(session.starts_at)
        end = session and helsinki(session.ends_at)
        for part, label, field, value in (
            ("day", _("Date"), forms.DateField(widget=DateInput({"class": "ds-input"})), start and start.date()),
            ("from", _("From"), forms.TimeField(widget=TimeInput({"class": "ds-input"})), start and start.time()),
            ("to", _("To"), forms.TimeField(widget=TimeInput({"class": "ds-input"})), end and end.time()),
            ("place", _("Place, if another than the event’s"),
             forms.CharField(max_length=300, widget=forms.TextInput({"class": "ds-input"})), session and session.place),
        ):  # fmt: skip
            field.label, field.required, field.initial = label, False, value or None
            vars(field)["is_needed_at_times"] = (
                part in NEEDED
            )  # a row is filled whole, or left empty whole
            self.fields[f"{part}_{key}"] = field
            told = gettext("Time %(n)s") % {"n": number}
            self.fields[f"{part}_{key}"].told = f"{told}, {str(label).lower()}"

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return number and fields of each time."""
        return [
            (number, [self[f"{part}_{key}"] for part in PARTS])
            for number, key in enumerate(self.keys, 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Check each time by itself, and that none begins before the one before it has ended."""
        cleaned = super().clean()
        self.times = []
        for key in self.keys:
            self._clean_row(key, cleaned)
        ordered = sorted(self.times, key=lambda row: row[1].starts_at)
        for (_key, one), (key, two) in pairwise(ordered):
            if one.ends_at > two.starts_at:
                self.add_error(
                    f"from_{key}", _("This begins before the time before it has ended. Change one.")
                )
        return cleaned

    def _clean_row(self, key: str, cleaned: dict[str, Any]) -> None:
        session = self.sessions.get(key)
        if session is not None and f"day_{key}" not in self.data:
            self.times.append((key, _as_it_is(session)))  # somebody else has just added it
            return
        parts = {part: cleaned.get(f"{part}_{key}") for part in NEEDED}
        wrong = {part for part in NEEDED if f"{part}_{key}" in self.errors}
        if not wrong and not any(value is not None for value in parts.values()):
            if cleaned.get(f"place_{key}"):
                self.add_error(f"day_{key}", _("Give the day, the start and the end as well."))
            return
        for part in (part for part, value in parts.items() if value is None and part not in wrong):
            self.add_error(
                f"{part}_{key}", _("Fill in date, start and end, or leave all three empty.")
            )
        day, begins, ends = (parts[part] for part in NEEDED)
        if day is not None and begins is not None and ends is not None:
            self._take(key, session, day, begins, ends)

    def _take(self, key: str, session: Session | None, day: date, begins: time, ends: time) -> None:
        if begins == ends:
            self.add_error(f"to_{key}", _("The end is the same as the start. Change one of them."))
            return
        if not 2000 <= day.year <= 2200:
            self.add_error(f"day_{key}", PASSED if day.year < 2000 else TOO_FAR)
            return
        if ends < begins and not _is_night(begins, ends):
            self.add_error(
                f"to_{key}",
                _("The end is before the start. After midnight it may be at 6.00 at the latest."),
            )
            return
        starts_at = self._instant(
            f"from_{key}", session.starts_at if session else None, day, begins
        )
        ends_on = day + timedelta(days=ends < begins)
        ends_at = self._instant(f"to_{key}", session.ends_at if session else None, ends_on, ends)
        if starts_at is None or ends_at is None:
            return
        now = timezone.now()
        is_as_it_was = session is not None and session.starts_at == starts_at
        if not is_as_it_was and starts_at <= now:
            self.add_error(f"day_{key}", PASSED)
        elif not is_as_it_was and starts_at > now + FARTHEST:
            self.add_error(f"day_{key}", TOO_FAR)
        else:
            place = self.cleaned_data.get(f"place_{key}") or ""
            self.times.append(
                (key, Time(starts_at, ends_at, place, session.pk if session else None))
            )

    def _instant(self, name: str, was: datetime | None, day: date, clock: time) -> datetime | None:
        if was is not None and helsinki(was).replace(tzinfo=None) == datetime.combine(day, clock):
            return was  # untouched: also where the clock shows it twice
        try:
            return instant(day, clock)
        except NoSuchTime:
            self.add_error(
                name, _("That night the clocks go forward and this time does not exist.")
            )
        except TwoSuchTimes:
            self.add_error(
                name, _("That night the clocks go back and this time comes twice. Choose another.")
            )
        return None

    def arguments(self) -> dict[str, Any]:
        """Return the times."""
        return {"times": [one for _key, one in self.times]}


def _is_night(begins: time, ends: time) -> bool:
    """Whether what ends before it begins, by the clock, is an evening that goes on after midnight."""
    return begins >= time(12) and ends <= time(6)


def _as_it_is(session: Session) -> Time:
    return Time(session.starts_at, session.ends_at, session.place, session.pk)


def times_said(event: Event) -> str:
    """Say what follows from the times that were saved."""
    if event.starts_at is None:
        return gettext(
            "Saved without any time. The event cannot be published, and nobody sees it, before it has one."
        )
    if event.state == EventState.DRAFT:
        return gettext("Saved.")
    return gettext("Saved. Everybody who has signed up is told.")
