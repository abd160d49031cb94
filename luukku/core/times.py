"""Instants are UTC inside, Europe/Helsinki to people. The two nights a year that a clock lies are named."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

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


def helsinki(at: datetime) -> datetime:
    """Return ``at`` as clocks in Helsinki show it."""
    return at.astimezone(HELSINKI)
