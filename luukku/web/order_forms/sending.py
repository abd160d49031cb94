"""The last step: whether the order repeats and on which days, and who sends without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from luukku.core.times import helsinki, is_holiday
from luukku.orders.actions import MOST_REPEATS
from luukku.orders.queries import Every, nth_weekday, series_days
from luukku.organisations.models import Kind
from luukku.web.confirm import day_of
from luukku.web.order_forms.when import FARTHEST, TOO_FAR
from luukku.web.ui.forms import DateInput, Form

SATURDAY = 5
MONTHLY = {
    1: _("Every month on the first %(weekday)s"),
    2: _("Every month on the second %(weekday)s"),
    3: _("Every month on the third %(weekday)s"),
    4: _("Every month on the fourth %(weekday)s"),
    -1: _("Every month on the last %(weekday)s"),
}


@dataclass(frozen=True)
class DayRow:
    """One further day of an order that repeats, as the sender sees and changes it."""

    keep: forms.BoundField
    day: forms.BoundField
    weekday: str
    warning: str
    told: str


class Repeat(Form):
    """Whether the order repeats. The days are shown before anything is made; each can be changed or left out.

    Args:
        first: the day of the order's first wished time, None while it has none.
    """

    every = forms.ChoiceField(label=_("Does this order repeat?"), required=False)
    times = forms.IntegerField(
        label=_("How many more times"),
        min_value=1,
        max_value=MOST_REPEATS,
        required=False,
        help_text=_("From 1 to 12. You see the days before anything is sent."),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, first: date | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        self.fields["every"].choices = [
            ("", _("No, only once")),
            (Every.WEEK, _("Every week")),
            (Every.TWO_WEEKS, _("Every two weeks")),
            (Every.MONTH, _monthly(first)),
        ]
        for n in range(len(self._shown_days())):
            self.fields[f"keep{n}"] = forms.BooleanField(
                label=gettext("Keep the day %(n)s") % {"n": n + 1}, required=False
            )
            self.fields[f"day{n}"] = forms.DateField(
                label=gettext("Day %(n)s") % {"n": n + 1},
                required=False,
                widget=DateInput({"class": "ds-input"}),
            )

    def asks(self) -> list[forms.BoundField]:
        """Return the fields that come before the days."""
        return [self["every"], self["times"]]

    def _shown_days(self) -> list[str]:
        """Return the days that the sender has been shown for what is asked now, as they stand in the form."""
        if not self.is_bound or self.first is None:  # its times may have been emptied meanwhile
            return []
        asked, _bar, days = str(self.data.get("shown", "")).partition("|")
        same = f"{self.data.get('every', '')}:{self.data.get('times', '')}"
        found = days.split(",") if asked == same and days else []
        return found[:MOST_REPEATS]

    def clean(self) -> dict[str, object]:
        """A repetition needs a number; each kept day is a day of its own after the first."""
        cleaned = super().clean()
        if cleaned.get("every") and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", _("Tell how many more times, from 1 to 12."))
        seen = {self.first}
        for n in range(len(self._shown_days())):
            day = cleaned.get(f"day{n}")
            if not cleaned.get(f"keep{n}") or f"day{n}" in self.errors:
                continue
            if wrong := self._wrong_with(day, seen):
                self.add_error(f"day{n}", wrong)
            seen.add(day)
        return cleaned

    def _wrong_with(self, day: date | None, seen: set[date | None]) -> object:
        today = helsinki(timezone.now()).date()
        if day is None:
            return _("Give the day, or leave it out by its box.")
        if day in seen:
            return _("This day is there already. Change it, or leave it out by its box.")
        if day <= self.first:
            return _("Give a day after the order’s first one.")
        if day > today + FARTHEST:
            return TOO_FAR
        return None

    def days(self) -> list[date]:
        """Return the further days as they were chosen."""
        numbers = range(len(self._shown_days()))
        kept = [n for n in numbers if self.cleaned_data.get(f"keep{n}")]
        return sorted(self.cleaned_data[f"day{n}"] for n in kept)

    def wants_days(self) -> bool:
        """Return whether the sender has yet to see the days, or has put one on a holiday unwarned."""
        if not self.cleaned_data.get("every") or not self.cleaned_data.get("times"):
            return False
        shown = self._shown_days()
        if not shown:
            return True
        return not self.errors and any(
            is_holiday(day) and day.isoformat() not in shown for day in self.days()
        )

    def with_days(self) -> dict[str, object]:
        """Return what was sent, with the days to look at."""
        every, times = self.cleaned_data["every"], self.cleaned_data["times"]
        days = self.days() if self._shown_days() else series_days(self.first, Every(every), times)
        sent = {name: self.data.get(name) for name in self.data if name[:3] not in {"kee", "day"}}
        sent["times"] = str(times)
        sent["shown"] = f"{every}:{times}|{','.join(day.isoformat() for day in days)}"
        for n, day in enumerate(days):
            sent |= {f"keep{n}": "on", f"day{n}": day.isoformat()}
        return sent

    def rows(self) -> list[DayRow]:
        """Return the further days for the template."""
        rows = []
        for n in range(len(self._shown_days())):
            day = getattr(self, "cleaned_data", {}).get(f"day{n}")
            weekday, warning = (weekday_name(day), day_off(day)) if day else ("", "")
            told = ", ".join(filter(None, (day and f"{weekday} {day_of(day)}", warning)))
            rows.append(DayRow(self[f"keep{n}"], self[f"day{n}"], weekday, warning, told))
        return rows


def day_off(day: date) -> str:
    """Say why a day may not suit: a holiday or the weekend; "" for a working day."""
    if is_holiday(day):
        return gettext("a holiday")
    return gettext("a weekend") if day.weekday() >= SATURDAY else ""


def weekday_name(day: date) -> str:
    """Return the name of the weekday as it stands within a sentence: only English writes it with a capital."""
    name = date_format(day, "l")
    return name if get_language() == "en" else name.lower()


def _monthly(first: date | None) -> object:
    if first is None:
        return _("Every month")
    return MONTHLY[nth_weekday(first)] % {"weekday": weekday_name(first)}


class Guest(Repeat):
    """Who sends an order without an account."""

    SENDER = ("name", "email", "phone", "organisation_name", "organisation_kind")

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("We send you a link: the order leaves when you confirm it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        help_text=_("We call if something is unclear."),
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    organisation_kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("Choose")), *Kind.choices],
        error_messages={"required": _("Choose the kind of organisation.")},
    )

    def sender(self) -> list[forms.BoundField]:
        """Return the fields of who sends."""
        return [self[name] for name in self.SENDER]

    def sender_data(self) -> dict[str, object]:
        """Return what was told of who sends."""
        return {name: self.cleaned_data[name] for name in self.SENDER}
