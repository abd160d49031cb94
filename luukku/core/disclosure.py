"""The one rule of what figures may tell, so that nobody can be found by comparing them.

Whoever serves at the counter can count orders, tasks and experts in its lists, and is told them as they are, of any
year or quarter. Everybody else is told counts in tens, of calendar years that have ended: years do not overlap, so one
cannot be taken from another, and nothing that happens later changes what has been told. Answers are told to all
alike: only of a calendar year that has ended, of at least ten answers that at least five people gave about at least
five others, and as three shares in quarters of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from luukku.core.periods import Period

STEP = 10
FEWEST_ANSWERS = 10
FEWEST_PEOPLE = 5
POOR, GOOD = 2, 4  # a scale of 1 to 5: at most, at least


def told(n: int) -> str:
    """Return a count as it may be told: which ten it lies in. None and few look alike."""
    first = n // STEP * STEP
    return f"{first}–{first + STEP - 1}" if first else _("under %(n)s") % {"n": STEP}


def share(part: int, whole: int) -> str:
    """Return a share as it may be told: to the nearest quarter. Nobody and few look alike, as do most and all.

    "Nobody" of its own would tell each one's answer, and "a few" that somebody was unhappy, whom those who were there
    could guess: one pair of words tells neither, and says openly that it holds both.
    """
    words = [
        _("none or very few"),
        _("about a quarter"),
        _("about half"),
        _("about three quarters"),
        _("all or nearly all"),
    ]
    return words[round(4 * part / whole)] if whole else words[0]


@dataclass(frozen=True)
class Count:
    """A count as it is told: its words, and the length of a bar that tells no more than they do."""

    words: str
    size: int

    def __str__(self) -> str:
        return self.words


def exactly(n: int) -> Count:
    """Tell a count to whoever can count the same rows in a list."""
    return Count(str(n), n)


def in_tens(n: int) -> Count:
    """Tell a count to everybody else (``told``)."""
    return Count(told(n), n // STEP * STEP)


def closed_year(on: date) -> Period:
    """Return the last calendar year that has ended before ``on``."""
    return Period(on.year - 1)


def share_of_people(part: int, whole: int) -> str:
    """Return a share of people as it may be published; nothing for fewer than ten."""
    return (
        share(part, whole) if whole >= STEP else _("not told of under %(n)s people") % {"n": STEP}
    )


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
