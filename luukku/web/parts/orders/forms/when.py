"""The third step: place and times."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.orders.models import MOST_MINUTES, Mode, Order
from luukku.orders.queries import times_asked
from luukku.web.parts.orders.forms.step import StepForm
from luukku.web.parts.orders.odd_times import odd_lines
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui.forms import DateInput, TimeInput

TIMES = (1, 2, 3)
PARTS = ("day", "from", "to")
PASSED = _("This time has already passed. Choose a later one.")
FARTHEST = timedelta(days=2 * 366)
TOO_FAR = _("This is more than two years away. Check the year.")


LONG_NIGHT = 12 * 60  # minutes over midnight that are asked about: more often a slip than a wish


def minutes_of(starts_at: datetime, ends_at: datetime) -> int:
    """Return how many whole minutes there are between the two."""
    return int((ends_at - starts_at).total_seconds() // 60)


def _clock_minutes(begins: time, ends: time) -> int:
    """Return the minutes from one clock to the next time that the other one comes."""
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return minutes if minutes > 0 else minutes + MOST_MINUTES


class WishedTimes(StepForm):
    """Up to three wished times, each with a date, a start and an end by Helsinki's clock.

    An end that is not after the start is on the next day; one that makes the task longer than ``LONG_NIGHT`` is
    asked about at its field, once.

    Attributes:
        asked: name and value of what the page sends along, so that the next sending of the same is meant so.
        chosen: the times without a fault.
        lengths: minutes of every time with a start and an end, whatever is wrong with its day.
    """

    needed: tuple[str, ...] = ("day1", "from1", "to1")
    together = (tuple(f"{part}{n}" for n in TIMES for part in PARTS),)
    turned: tuple[str, ...] = together[0]

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: list[tuple[datetime, datetime]] = []
        self.asked: list[tuple[str, str]] = []
        times = times_asked(self.instance) if self.instance.pk else []
        self.saved = [(row.starts_at, row.ends_at) for row in times]
        for n in TIMES:
            start = helsinki(times[n - 1].starts_at) if len(times) >= n else None
            end = helsinki(times[n - 1].ends_at) if len(times) >= n else None
            for name, label, field, widget, value in (
                (f"day{n}", _("Date"), forms.DateField, DateInput, start and start.date()),
                (f"from{n}", _("From"), forms.TimeField, TimeInput, start and start.time()),
                (f"to{n}", _("To"), forms.TimeField, TimeInput, end and end.time()),
            ):
                self.fields[name] = field(
                    label=label, widget=widget({"class": "ds-input"}), initial=value
                )
                told = gettext("Time %(n)s") % {"n": n}
                self.fields[name].told = f"{told}, {str(label).lower()}"
            self.fields[f"to{n}"].help_text = (
                _("On %(day)s, the next day.") % {"day": formats.date_format(end, "D j.n.")}
                if start and end and end.date() > start.date()
                else _("After midnight, give the clock of the next day.")
            )
            for name in (f"day{n}", f"from{n}", f"to{n}"):
                self._need(name)

    def hide(self) -> None:
        """Carry what was typed, unseen, to the answer that one is sure."""
        for field in self.fields.values():
            field.widget = forms.HiddenInput()
        for name, value in [*self.asked, ("sure", "1")]:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput)
            self.data[name] = value

    def _time_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return number and fields of each wished time."""
        return [(n, [self[f"{part}{n}"] for part in PARTS]) for n in TIMES]

    def rows_now(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the first row and those that have been used."""
        return [row for row in self._time_rows() if self._is_used(*row)]

    def rows_more(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the rows that wait folded."""
        return [row for row in self._time_rows() if not self._is_used(*row)]

    @staticmethod
    def _is_used(n: int, fields: list[forms.BoundField]) -> bool:
        return n == 1 or any(field.value() or field.errors for field in fields)

    def odd(self) -> list[str]:
        """Return what is odd about the times in the form, or about the saved ones before it is sent."""
        return odd_lines(self.chosen if self.is_bound else self.saved, at=timezone.now())

    def clean(self) -> dict[str, Any]:
        """Check each time by itself; every fault is told in the same round."""
        cleaned = super().clean()
        self.chosen, self.asked = [], []
        self.lengths: list[int] = []
        self._starts: set[datetime] = set()
        for n in TIMES:
            self._clean_time(n, cleaned)
        return cleaned

    def _clean_time(self, n: int, cleaned: dict[str, Any]) -> None:
        parts = {part: cleaned.get(f"{part}{n}") for part in PARTS}
        wrong = {part for part in PARTS if f"{part}{n}" in self.errors}
        if not wrong and all(value is None for value in parts.values()):
            return
        for part in (part for part, value in parts.items() if value is None and part not in wrong):
            self.add_error(
                f"{part}{n}", _("Fill in date, start and end, or leave all three empty.")
            )
        day, begins, ends = parts["day"], parts["from"], parts["to"]
        if begins is not None and begins == ends:
            self.add_error(f"to{n}", _("The end is the same as the start. Change one of them."))
            ends = None
        if begins is not None and ends is not None:
            self.lengths.append(_clock_minutes(begins, ends))
            self._ask_about_night(n, begins, ends)
        if day is None:
            return
        if day < helsinki(timezone.now()).date():
            self.add_error(f"day{n}", PASSED)
            return
        if day == date.max:  # has no next day
            self.add_error(f"day{n}", TOO_FAR)
            return
        starts_at = ends_at = None
        if begins is not None:
            starts_at = self._start(n, day, begins)
        if begins is not None and ends is not None:
            ends_at = self._instant(day + timedelta(days=ends < begins), ends, f"to{n}")
        if starts_at is not None and ends_at is not None:
            self.lengths[-1] = minutes_of(starts_at, ends_at)
            if f"to{n}" not in self.errors:  # what is wrong is not said to be odd as well
                self.chosen.append((starts_at, ends_at))

    def _ask_about_night(self, n: int, begins: time, ends: time) -> None:
        if ends > begins or self.lengths[-1] <= LONG_NIGHT:
            return
        name, clocks = f"sure{n}", f"{begins:%H.%M}-{ends:%H.%M}"
        self.asked.append((name, clocks))
        saved = {(helsinki(start).time(), helsinki(end).time()) for start, end in self.saved}
        if self.data.get(name) != clocks and (begins, ends) not in saved:
            self.add_error(
                f"to{n}",
                _(
                    "This would last more than 12 hours, until %(clock)s the next day. Correct the clock, or"
                    " save once more if this is what you mean."
                )
                % {"clock": formats.time_format(ends)},
            )

    def _start(self, n: int, day: date, begins: time) -> datetime | None:
        starts_at = self._instant(day, begins, f"from{n}")
        if starts_at is None:
            return None
        now = timezone.now()
        if not now < starts_at <= now + FARTHEST:
            self.add_error(f"day{n}", PASSED if starts_at <= now else TOO_FAR)
            return None
        if starts_at in self._starts:
            self.add_error(
                f"from{n}", _("Two of the times begin at the same moment. Change or remove one.")
            )
            return None
        self._starts.add(starts_at)
        return starts_at

    def _instant(self, day: date, clock: time, name: str) -> datetime | None:
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


class PlaceStep(WishedTimes):
    """Place and times."""

    needed: tuple[str, ...] = ("mode", "municipality", *WishedTimes.needed)
    checked_together = ("municipality",)
    shown: tuple[str, ...] | None = ("address", "meeting_url")
    sections: tuple[tuple[object, tuple[str, ...]], ...] = (
        (
            _("Where"),
            ("mode", "municipality", "address", "meeting_url", "accessibility", "equipment"),
        ),
    )

    class Meta:
        model = Order
        fields = (
            "mode",
            "municipality",
            "address",
            "meeting_url",
            "accessibility",
            "equipment",
            "length_minutes",
        )
        widgets = {
            "mode": forms.RadioSelect,
            "accessibility": forms.Textarea,
            "meeting_url": forms.URLInput,
        }
        labels = {
            "mode": _("At a place or remotely?"),
            "address": _("Address or meeting place"),
            "meeting_url": _("Link of the video meeting"),
            "accessibility": _("Accessibility of the place"),
            "equipment": _("Equipment at the place"),
            "length_minutes": _("How long does the task itself last, in minutes?"),
        }
        help_texts = {
            "municipality": _("Not needed for a remote task."),
            "meeting_url": _(
                "For a remote task. You may give it later, too. Only the expert who has said yes"
                " sees it."
            ),
            "accessibility": _(
                "Steps, lift, induction loop, a quiet room, parking, the nearest stop …"
            ),
            "equipment": _("For example: screen, loudspeakers, flip chart"),
            "length_minutes": _("Leave empty if it fills the whole time above."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["municipality"]
        offer_municipalities(place)
        place.empty_label = _("Choose")  # left empty by a remote task alone
        message = _("Give a length from 5 minutes to 24 hours, or leave this empty.")
        self._limit("length_minutes", 5, MOST_MINUTES, message)
        if self.saved and self.instance.length_minutes == minutes_of(*self.saved[0]):
            self.initial["length_minutes"] = None

    def clean_mode(self) -> str:
        """Keep the saved mode if none was chosen."""
        return self.cleaned_data["mode"] or self.initial["mode"]

    def clean(self) -> dict[str, object]:
        """Check that the place is there when one is needed, and that the task fits into its time."""
        cleaned = super().clean()
        if (
            cleaned.get("mode") == Mode.PLACE
        ):  # the link is hidden: what was written before is dropped
            self.errors.pop("meeting_url", None)
            cleaned["meeting_url"] = ""
        needs_place = self.is_whole and cleaned.get("mode") in {Mode.PLACE, Mode.EITHER}
        if needs_place and not cleaned.get("municipality") and "municipality" not in self.errors:
            self.add_error("municipality", _("Choose the municipality, or make it a remote task."))
        shortest = min(self.lengths, default=None)
        length = cleaned.get("length_minutes")
        if shortest is not None and length is not None and length > shortest:
            told = _(
                "The task lasts %(length)s minutes, but a time above is %(time)s minutes long. Change one of them."
            )
            self.add_error("length_minutes", told % {"length": length, "time": shortest})
        return cleaned

    def extra(self) -> dict[str, object]:
        """The wished times; the length is the first one's where none was given."""
        times, length = sorted(self.chosen), self.cleaned_data["length_minutes"]
        if length is None and times:
            length = max(5, minutes_of(*times[0]))
        return {"times": times, "length_minutes": length}
