"""The one rule of what figures may tell, so that nobody can be found by comparing them.

Counts are told in tens. Answers are told only of a quarter that has ended, of at least ten answers that at least
five people gave about at least five others, and as three shares in tens of per cent. Quarters do not overlap,
so one cannot be taken from another, and no later answer changes what has been told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from luukku.core.times import instant

STEP = 10
FEWEST_ANSWERS = 10
FEWEST_PEOPLE = 5
POOR, GOOD = 2, 4  # a scale of 1 to 5: at most, at least


def told(n: int) -> str:
    """Return a count as it may be told: which ten it lies in. None and few look alike."""
    first = n // STEP * STEP
    return f"{first}–{first + STEP - 1}" if first else _("under %(n)s") % {"n": STEP}


def share(part: int, whole: int) -> str:
    """Return a share in tens of per cent; who is nobody and who is everybody is not told."""
    percent = round(10 * part / whole) * 10
    if percent <= 0:
        return _("under 10 %")
    return _("over 90 %") if percent >= 100 else f"{percent} %"


@dataclass(frozen=True)
class Quarter:
    """Three months that have ended: from ``starts_at`` until before ``ends_at``."""

    year: int
    number: int
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


def closed_quarter(on: date) -> Quarter:
    """Return the last quarter that has ended before ``on``."""
    year, number = (on.year, (on.month - 1) // 3) if on.month > 3 else (on.year - 1, 4)
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    first = date(year, number * 3 - 2, 1)
    return Quarter(year, number, instant(first, time()), instant(after, time()))


def three_shares(scores: Iterable[int]) -> tuple[str, str, str]:
    """Return which shares of the answers were good, in between and poor."""
    scores = list(scores)
    good = sum(score >= GOOD for score in scores)
    poor = sum(score <= POOR for score in scores)
    whole = len(scores)
    return share(good, whole), share(whole - good - poor, whole), share(poor, whole)


def may_tell(*, answers: int, people: Iterable[int]) -> bool:
    """Return whether so many answers may be told; ``people``: for each side, how many it has."""
    return answers >= FEWEST_ANSWERS and min(people, default=0) >= FEWEST_PEOPLE
