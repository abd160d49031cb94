"""Instants are UTC inside, Europe/Helsinki to people. The two nights a year that a clock lies are named."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils import formats, translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

HELSINKI = ZoneInfo("Europe/Helsinki")


class NoSuchTime(ValueError):
    """The clock jumps over this time: the night when summer time begins."""


class TwoSuchTimes(ValueError):
    """The clock shows this time twice: the night when summer time ends."""


def instant(day: date, clock: time) -> datetime:
    """Return the UTC instant at which clocks in Helsinki show ``clock`` on ``day``.

    Raises:
        NoSuchTime: the clock jumps over it.
        TwoSuchTimes: the clock shows it twice.
    """
    first = datetime.combine(day, clock, tzinfo=HELSINKI)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(HELSINKI).replace(tzinfo=None) != first.replace(
        tzinfo=None
    ):
        raise NoSuchTime(f"{day} {clock}")
    raise TwoSuchTimes(f"{day} {clock}")


def days_later(at: datetime, step: timedelta) -> datetime:
    """Return the instant whole days after ``at`` at which clocks in Helsinki show the same.

    A time that the clock jumps over or shows twice on its night moves one hour later.
    """
    local = helsinki(at).replace(tzinfo=None) + step
    try:
        return instant(local.date(), local.time())
    except (NoSuchTime, TwoSuchTimes):
        return (local + timedelta(hours=1)).replace(tzinfo=HELSINKI, fold=1)


def helsinki(at: datetime) -> datetime:
    """Return ``at`` as clocks in Helsinki show it."""
    return at.astimezone(HELSINKI)


def clock_shown(at: datetime) -> str:
    """Return what clocks in Helsinki show at ``at``, short: "9.05"."""
    here = helsinki(at)
    return f"{here.hour}.{here.minute:02}"


def which_hour(at: datetime) -> str:
    """Return " (winter time)" or " (summer time)" where the clock shows the time of ``at`` twice; else nothing."""
    here = helsinki(at)
    if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset():
        return ""
    word = _("winter time") if here.fold else _("summer time")
    return f" ({word})"


def when(starts_at: datetime, ends_at: datetime, *, weekday: bool = False) -> str:
    """Return "4.12.2026 klo 13.00–14.30" in the active language's way of writing; with ``weekday`` "pe 4.12.2026 …".

    An end on another day says which: "10.2.2027 klo 22.00–1.00 (päättyy to 11.2.)".
    """
    start, end = helsinki(starts_at), helsinki(ends_at)
    day, whole = (
        formats.date_format(start, f"SHORT_{part}_FORMAT") for part in ("DATE", "DATETIME")
    )
    first = _day(start, weekday=weekday) + whole.removeprefix(day) + which_hour(start)
    last = formats.date_format(end, "TIME_FORMAT") + which_hour(end)
    if start.date() == end.date():
        return f"{first}–{last}"
    ends = _("(ends %(day)s)") % {"day": formats.date_format(end, "D j.n.")}
    return f"{first}–{last} {ends}"


def _day(at: datetime, *, weekday: bool) -> str:
    day = formats.date_format(at, "SHORT_DATE_FORMAT")
    return f"{formats.date_format(at, 'D')} {day}" if weekday else day


def whens(spans: Iterable[tuple[datetime, datetime]], *, weekday: bool = False) -> str:
    """Return several times in one line, the clock once where it is the same on every day.

    "9.2.2027, 23.2.2027 ja 9.3.2027 klo 13.00–14.30".
    """
    rows = sorted(spans)
    told = [when(*row, weekday=weekday) for row in rows]
    days = [_day(helsinki(start), weekday=weekday) for start, _end in rows]
    clocks = {line[len(day) :] for line, day in zip(told, days, strict=True)}
    is_same = len(clocks) == 1
    *firsts, last = days if is_same else told
    joined = _(" and ").join([", ".join(firsts), last] if firsts else [last])
    return joined + (clocks.pop() if is_same else "")


LONGEST_SHORT = 5  # "maj", "mars", "april" begin other words and names


def month_in(word: str) -> int | None:
    """Return the number of the month that ``word`` names in one of our languages, "tammikuussa" as well.

    A short name must be the whole word: "Majander" is no month.
    """
    said = word.lower().rstrip(".")
    return next(
        (
            number
            for number in range(1, 13)
            if any(
                said == name or (len(name) > LONGEST_SHORT and said.startswith(name))
                for name in _month_names()[number]
            )
        ),
        None,
    )


@lru_cache(maxsize=1)
def _month_names() -> dict[int, tuple[str, ...]]:
    by_number: dict[int, list[str]] = {number: [] for number in range(1, 13)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for number, name in MONTHS.items():
                by_number[number].append(str(name).lower())
    return {number: tuple(names) for number, names in by_number.items()}


QUIET_FROM, QUIET_UNTIL = time(20), time(8)  # Helsinki: people are left in peace in between


def end_of_quiet(at: datetime) -> datetime | None:
    """Return when the quiet hours end in which ``at`` falls, or None by day."""
    here = helsinki(at)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return None
    day = here.date() + timedelta(days=1 if here.time() >= QUIET_FROM else 0)
    return instant(day, QUIET_UNTIL)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    """Return Finland's holidays of ``year``; the eves of Midsummer and Christmas among them."""
    return frozenset(holidays.country_holidays("FI", years=year))


def is_holiday(day: date) -> bool:
    """Return whether ``day`` is a holiday in Finland, or the eve of Midsummer or Christmas."""
    return day in _holidays(day.year)


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Return whether offices are open in Finland on ``day``."""
    return day.weekday() < 5 and not is_holiday(day)


@lru_cache(maxsize=4096)
def working_day(day: date, after: int) -> date:
    """Return the working day that is ``after`` working days later than ``day``; negative counts back."""
    step = timedelta(days=1 if after > 0 else -1)
    left = abs(after)
    while left:
        day += step
        left -= is_working_day(day)
    return day
