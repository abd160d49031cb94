"""When the expert has time: the usual week, days that differ, a break."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import AvailabilityException, Expert
from luukku.web.parts.experts.profile_forms.base import Box, Part
from luukku.web.ui.forms import DateInput, EditForm, Form, TimeInput

WEEKDAYS = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]


PARTS = {
    "morning": (_("morning 8–12"), time(8), time(12)),
    "afternoon": (_("afternoon 12–16"), time(12), time(16)),
    "evening": (_("evening 16–20"), time(16), time(20)),
}


MORE_ROWS = 2  # empty rows for own times and for days that differ, below those that there are


MOST_ROWS = 60  # as many as one may send at once


class Rows:
    """Rows of a form that grow: those that there are, and a few empty ones.

    Attributes:
        first: name of the field that every row has.
    """

    def __init__(self, first: str, *, existing: int, data: Any) -> None:
        sent = 0
        if data is not None:
            while sent < MOST_ROWS and f"{first}{sent + 1}" in data:
                sent += 1
        self.numbers = range(1, max(existing + MORE_ROWS, sent) + 1)


class Availability(Part, EditForm):
    """Weekly pattern, own times, days that differ, own limit."""

    monthly_limit = forms.IntegerField(
        label=_("At most how many tasks a month?"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Leave empty if you want no limit. You are not offered more than this."),
        error_messages={
            "min_value": _("Give a number from 1 to 60, or leave this empty."),
            "max_value": _("Give a number from 1 to 60, or leave this empty."),
        },
    )

    def __init__(self, data: object = None, *args: Any, instance: Expert, **kwargs: Any) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        slots = [
            (slot.weekday, slot.starts, slot.ends)
            for slot in instance.weekly_slots.order_by("weekday", "starts")
        ]
        parts = {(day, starts, ends) for day in range(7) for _label, starts, ends in PARTS.values()}
        self._add_week({slot for slot in slots if slot in parts})
        own = [slot for slot in slots if slot not in parts]
        self.own = Rows("weekday", existing=len(own), data=data).numbers
        for n in self.own:
            self._add_own(n, own[n - 1] if n <= len(own) else None)
        today = helsinki(timezone.now()).date()
        differing = list(instance.exceptions.filter(ends_on__gte=today).order_by("starts_on", "pk"))
        self.differing = Rows("first", existing=len(differing), data=data).numbers
        for n in self.differing:
            self._add_differing(n, differing[n - 1] if n <= len(differing) else None)
        self.fields["monthly_limit"].initial = instance.monthly_limit
        self.together = (  # rows have no names of their own: one list is chosen as a whole
            tuple(f"{part}{n}" for n in self.own for part in ("weekday", "from", "to")),
            tuple(f"{part}{n}" for n in self.differing for part in ("first", "last", "free")),
        )

    def _add_week(self, slots: set[actions.Slot]) -> None:
        choices = [(key, label) for key, (label, _from, _to) in PARTS.items()]
        for day, label in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple({"class": "ds-input"}),
                initial=[
                    key
                    for key, (_label, starts, ends) in PARTS.items()
                    if (day, starts, ends) in slots
                ],
            )

    def _add_own(self, n: int, slot: actions.Slot | None) -> None:
        day, starts, ends = slot or ("", None, None)
        self.fields[f"weekday{n}"] = forms.TypedChoiceField(
            label=_("Weekday"),
            required=False,
            coerce=int,
            empty_value=None,
            initial=day,
            choices=[("", "---------"), *enumerate(WEEKDAYS)],
            widget=forms.Select({"class": "ds-input"}),
        )
        for name, label, value in ((f"from{n}", _("From"), starts), (f"to{n}", _("To"), ends)):
            self.fields[name] = forms.TimeField(
                label=label, required=False, initial=value, widget=TimeInput({"class": "ds-input"})
            )

    def _add_differing(self, n: int, row: AvailabilityException | None) -> None:
        for name, label, value in (
            (f"first{n}", _("First day"), row and row.starts_on),
            (f"last{n}", _("Last day"), row and row.ends_on),
        ):
            self.fields[name] = forms.DateField(
                label=label, required=False, initial=value, widget=DateInput({"class": "ds-input"})
            )
        self.fields[f"free{n}"] = forms.ChoiceField(
            label=_("Then I am"),
            choices=[("no", _("away")), ("yes", _("free all day"))],
            initial="yes" if row and row.is_available else "no",
            required=False,
            widget=forms.Select({"class": "ds-input"}),
        )

    def days(self) -> list[tuple[forms.BoundField, list[Box]]]:
        """Return the weekdays with their boxes."""
        return [(self[f"day{day}"], self[f"day{day}"].subwidgets) for day in range(7)]

    def own_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each own time."""
        return [(n, [self[f"{part}{n}"] for part in ("weekday", "from", "to")]) for n in self.own]

    def differing_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each stretch of days that differ."""
        return [
            (n, [self[f"{part}{n}"] for part in ("first", "last", "free")]) for n in self.differing
        ]

    @property
    def has_own_times(self) -> bool:
        """Whether any own time is filled in or needs attention."""
        return any(
            field.value() or field.errors for _n, fields in self.own_rows() for field in fields
        )

    def clean(self) -> dict[str, object]:
        """Check each row by itself."""
        cleaned = super().clean()
        self.slots = [
            (day, PARTS[key][1], PARTS[key][2])
            for day in range(7)
            for key in cleaned.get(f"day{day}", [])
        ]
        for n in self.own:
            self._clean_own(n, cleaned)
        self.exceptions: list[tuple[date, date, bool]] = []
        for n in self.differing:
            self._clean_differing(n, cleaned)
        return cleaned

    def _clean_own(self, n: int, cleaned: dict[str, Any]) -> None:
        names = (f"weekday{n}", f"from{n}", f"to{n}")
        day, starts, ends = (cleaned.get(name) for name in names)
        if (day, starts, ends) == (None, None, None) or any(name in self.errors for name in names):
            return
        for name, value in zip(names, (day, starts, ends), strict=True):
            if value is None:
                self.add_error(name, _("Fill in weekday, start and end, or leave all three empty."))
        if day is None or starts is None or ends is None:
            return
        self.slots += actions.by_day([(day, starts, ends)])

    def _clean_differing(self, n: int, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get(f"first{n}"), cleaned.get(f"last{n}")
        if f"first{n}" in self.errors or f"last{n}" in self.errors or not (first or last):
            return
        last = last or first
        if first is None:
            self.add_error(f"first{n}", _("The first day is missing."))
        elif last is None or last < first:
            self.add_error(f"last{n}", _("The last day must not be before the first."))
        else:
            self.exceptions.append((first, last, cleaned.get(f"free{n}") == "yes"))

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole calendar."""
        actions.set_availability(
            expert, slots=merged(self.slots), exceptions=self.exceptions, by=by, at=at
        )
        actions.save(expert, by=by, at=at, monthly_limit=self.cleaned_data["monthly_limit"])


def _end_of_day(ends: time) -> time:
    return time.max if ends == time(0) else ends  # 00:00 is the midnight after


def merged(slots: Iterable[actions.Slot]) -> list[actions.Slot]:
    """Return ``slots`` with overlapping ones joined; those that only touch stay apart."""
    joined: list[actions.Slot] = []
    for day, starts, ends in sorted(set(slots)):
        if joined and joined[-1][0] == day and starts < _end_of_day(joined[-1][2]):
            joined[-1] = (day, joined[-1][1], max(joined[-1][2], ends, key=_end_of_day))
        else:
            joined.append((day, starts, ends))
    return joined


class BreakForm(Form):
    """Until when, if that is known."""

    until = forms.DateField(
        label=_("Last day of the break"),
        required=False,
        widget=DateInput,
        help_text=_("Leave empty if you do not know. You come back when you like."),
    )

    def clean_until(self) -> date | None:
        """A break ends in the future."""
        until = self.cleaned_data["until"]
        if until is not None and until < helsinki(timezone.now()).date():
            raise ValidationError(_("This day has already passed."))
        return until
