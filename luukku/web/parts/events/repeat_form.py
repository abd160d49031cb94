"""The form by which an event is repeated: each day is shown before anything is made, and can be changed or left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.core.known import known
from luukku.core.recurring import Every, series_days
from luukku.core.times import helsinki, is_holiday
from luukku.events.models import Event
from luukku.web.ui.forms import DateInput, Form

MOST = 26  # a year of every second week
FARTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Day:
    """One further day as the form shows it."""

    field: forms.BoundField
    told: str


class RepeatForm(Form):
    """By which rule the event is repeated, and the days as they were shown."""

    every = forms.ChoiceField(
        label=_("How often is it held?"), choices=Every.choices, widget=forms.RadioSelect
    )
    times = forms.IntegerField(
        label=_("How many more times?"),
        min_value=1,
        max_value=MOST,
        help_text=_("From 1 to 26. You see the days before anything is made."),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = helsinki(known(event.starts_at)).date()
        for n in range(len(self._shown())):
            self.fields[f"day{n}"] = forms.DateField(
                label=gettext("Day %(n)s") % {"n": n + 1},
                required=False,
                widget=DateInput({"class": "ds-input"}),
            )

    def _shown(self) -> list[str]:
        """Return the days that have been shown for what is asked now."""
        if not self.is_bound:
            return []
        asked, _bar, days = str(self.data.get("shown", "")).partition("|")
        return days.split(",")[:MOST] if days and asked == self._asked() else []

    def _asked(self) -> str:
        return f"{self.data.get('every', '')}:{self.data.get('times', '')}:{self.first}"

    def clean(self) -> dict[str, Any]:
        """Each day is one of its own, after the event's first and not years away."""
        cleaned = super().clean()
        seen, last = {self.first}, helsinki(timezone.now()).date() + FARTHEST
        for n in range(len(self._shown())):
            day = cleaned.get(f"day{n}")
            if day is None:
                continue
            if day <= self.first:
                self.add_error(f"day{n}", _("Give a day after the event’s first one."))
            elif day in seen:
                self.add_error(f"day{n}", _("This day is there already. Change it or empty it."))
            elif day > last:
                self.add_error(f"day{n}", _("This is more than two years away. Check the year."))
            seen.add(day)
        return cleaned

    def days(self) -> list[date]:
        """Return the days that were left in."""
        given = (self.cleaned_data.get(f"day{n}") for n in range(len(self._shown())))
        return sorted(day for day in given if day is not None)

    def wants_days(self) -> bool:
        """Whether the days have yet to be seen, or none of them was left in."""
        return not self.days()

    def with_days(self) -> dict[str, Any]:
        """Return what was sent, with the days to look at."""
        days = series_days(
            self.first, Every(self.cleaned_data["every"]), self.cleaned_data["times"]
        )
        sent = {name: self.data.get(name) for name in ("every", "times", "form_token")}
        sent["shown"] = f"{self._asked()}|{','.join(day.isoformat() for day in days)}"
        return sent | {f"day{n}": day.isoformat() for n, day in enumerate(days)}

    def rows(self) -> list[Day]:
        """Return the days, each with its weekday, and whether it is a holiday."""
        rows = []
        for n in range(len(self._shown())):
            day = getattr(self, "cleaned_data", {}).get(f"day{n}")
            rows.append(Day(self[f"day{n}"], _told(day) if day else gettext("Left out")))
        return rows

    def asks(self) -> list[forms.BoundField]:
        """Return the fields that come before the days."""
        return [self["every"], self["times"]]

    def arguments(self) -> dict[str, Any]:
        """Return the days."""
        return {"days": self.days()}


def _told(day: date) -> str:
    told = date_format(day, "l j.n.Y")
    return gettext("%(day)s: a holiday") % {"day": told} if is_holiday(day) else told
