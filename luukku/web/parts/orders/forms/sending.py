"""The last step: whether the order repeats and on which days, and who sends without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from luukku.assignments.notices import when
from luukku.core.recurring import nth_weekday, series_days
from luukku.core.times import helsinki, is_holiday
from luukku.orders.actions import MOST_REPEATS
from luukku.orders.models import Every, Order
from luukku.orders.queries import first_day, times_on
from luukku.organisations.models import Kind
from luukku.web.parts.orders.forms.when import FARTHEST, TOO_FAR
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
class TimeTold:
    """One time of a repeat as people read it, and why it may not suit."""

    words: str
    warning: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.words, self.warning)))


def told_times(order: Order, day: date) -> list[TimeTold]:
    """Tell every time of a repeat of ``order`` whose first one is on ``day``."""
    return [_told(start, end) for start, end in times_on(order, day)]


def _told(start: datetime, end: datetime) -> TimeTold:
    day = helsinki(start).date()
    return TimeTold(f"{weekday_name(day)} {when(start, end)}", day_off(day))


def told_repeat(order: Order, day: date) -> str:
    """Tell every time of a repeat of ``order`` in one line; "" for an order whose times were emptied."""
    return _either(told_times(order, day))


def _either(times: list[TimeTold]) -> str:
    return gettext(" or ").join(map(str, times))


@dataclass(frozen=True)
class DayRow:
    """One repeat of an order with all its times, as the sender sees it and changes its first day."""

    keep: forms.BoundField
    day: forms.BoundField
    times: list[TimeTold]

    @property
    def told(self) -> str:
        """All the times in one line."""
        return _either(self.times)


class Repeat(Form):
    """Whether the order repeats. Every time is shown before anything is made; a day can be changed or left out."""

    every = forms.ChoiceField(label=_("Does this order repeat?"), required=False)
    times = forms.IntegerField(
        label=_("How many more times"),
        min_value=1,
        max_value=MOST_REPEATS,
        required=False,
        help_text=_("From 1 to 12. You see the days before anything is sent."),
    )
    is_one_expert = forms.BooleanField(
        label=_("The same expert every time"),
        required=False,
        help_text=_(
            "For a group that works together for long. An expert is found more easily without this: "
            "then each time may have its own. With this nobody can sign up by themselves: the "
            "counter asks experts who can come every time."
        ),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefetch_related_objects([order], "times")
        self.order, self.first = order, first_day(order)
        self.stamp = "+".join(  # an order whose times have been changed since is shown anew
            f"{row.starts_at.timestamp():.0f}-{row.ends_at.timestamp():.0f}"
            for row in order.times.all()
        )
        self.fields["every"].choices = [
            ("", _("No, only once")),
            (Every.WEEK, _("Every week")),
            (Every.TWO_WEEKS, _("Every two weeks")),
            (Every.MONTH, _monthly(self.first)),
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
        return [self["every"], self["times"], self["is_one_expert"]]

    def _shown_days(self) -> list[str]:
        """Return the days that the sender has been shown for what is asked now, as they stand in the form."""
        if not self.is_bound or self.first is None:  # its times may have been emptied meanwhile
            return []
        asked, _bar, days = str(self.data.get("shown", "")).partition("|")
        same = self._asked(self.data.get("every", ""), self.data.get("times", ""))
        shown = days.split(",") if asked == same and days else []
        return shown[:MOST_REPEATS]

    def _asked(self, every: object, times: object) -> str:
        return f"{every}:{times}:{self.stamp}"

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

    def _wrong_with(self, day: date | None, seen: set[date | None]) -> str | Promise | None:
        today = helsinki(timezone.now()).date()
        if day is None:
            return _("Give the day, or leave it out by its box.")
        if day in seen:
            return _("This day is there already. Change it, or leave it out by its box.")
        if self.first is not None and day <= self.first:
            return _("Give a day after the order’s first one.")
        if day > today + FARTHEST:
            return TOO_FAR
        return None

    def days(self) -> list[date]:
        """Return the further days as they were chosen."""
        numbers = range(len(self._shown_days()))
        kept = [n for n in numbers if self.cleaned_data.get(f"keep{n}")]
        return sorted(self.cleaned_data[f"day{n}"] for n in kept)

    def repeats(self) -> dict[str, Any]:
        """Return by what rule the order repeats, and whether the same expert is wanted every time."""
        names = ("every", "is_one_expert")
        return {name: self.cleaned_data[name] for name in names} if self.days() else {}

    def wants_days(self) -> bool:
        """Return whether the sender has yet to see the days, or moved one: to a holiday, or its other times with it."""
        if not self.cleaned_data.get("every") or not self.cleaned_data.get("times"):
            return False
        shown = self._shown_days()
        if not shown:
            return True
        if self.errors:
            return False
        new = [times_on(self.order, day) for day in self.days() if day.isoformat() not in shown]
        return any(
            len(times) > 1 or any(is_holiday(helsinki(start).date()) for start, _end in times)
            for times in new
        )

    def with_days(self) -> dict[str, object]:
        """Return what was sent, with the days to look at."""
        every, times = self.cleaned_data["every"], self.cleaned_data["times"]
        days = self.days() if self._shown_days() else series_days(self.first, Every(every), times)
        sent = {name: self.data.get(name) for name in self.data if name[:3] not in {"kee", "day"}}
        sent["times"] = str(times)
        shown = ",".join(day.isoformat() for day in days)
        sent["shown"] = f"{self._asked(every, times)}|{shown}"
        for n, day in enumerate(days):
            sent |= {f"keep{n}": "on", f"day{n}": day.isoformat()}
        return sent

    def rows(self) -> list[DayRow]:
        """Return the further days for the template."""
        rows = []
        for n in range(len(self._shown_days())):
            day = getattr(self, "cleaned_data", {}).get(f"day{n}")
            times = told_times(self.order, day) if day else []
            rows.append(DayRow(self[f"keep{n}"], self[f"day{n}"], times))
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

    def sender_data(self) -> dict[str, Any]:
        """Return what was told of who sends."""
        return {name: self.cleaned_data[name] for name in self.SENDER}
