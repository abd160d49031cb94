"""The queue as the day's work: in groups by how soon, with who does what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.duty import (
    FIRST_ROWS,
    KINDS,
    Called,
    Duty,
    Queue,
    among,
    call,
    queue_of,
    still_waiting,
)
from luukku.core.times import helsinki, instant
from luukku.workbench.models import TakenDuty
from luukku.workbench.queries.taken import OF_QUESTIONS, Key, by_kind, whose


class Group(TextChoices):
    """How soon something is due."""

    FIRST = "first", _("Read first")
    LATE = "late", _("Late")
    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    LATER = "later", _("Later")


class Whose(TextChoices):
    """Whose duties are shown."""

    ALL = "", _("All")
    MINE = "mine", _("Mine")
    NOBODYS = "nobodys", _("Nobody’s")


@dataclass(frozen=True)
class Tally:
    """How many there are of something; ``has_more``: at least so many."""

    value: str
    label: str
    number: int
    has_more: bool = False


@dataclass(frozen=True)
class Row:
    """One duty as it is shown."""

    duty: Duty
    called: Called
    assignee_id: int | None

    @property
    def name(self) -> str:
        """What tells it from all others, in addresses and forms."""
        return f"{self.duty.kind}-{self.duty.key}"


@dataclass(frozen=True)
class Day:
    """What waits, most urgent first, and how much there is of each sort.

    Attributes:
        duties: of the kind and of whom was asked for.
        groups: how many of ``duties`` are how urgent; without empty ones.
        kinds: of whom was asked for, how many of each kind; without empty ones.
        whose: of the kind that was asked for, how many of whom.
        is_cut: whether ``duties`` are the most urgent of more.
        crowds: the kinds whose duties and numbers are up to a minute old (``core.duty.Queue``).
    """

    duties: list[Duty]
    assignees: dict[Key, int]
    groups: list[Tally]
    kinds: list[Tally]
    whose: list[Tally]
    is_cut: bool
    at: datetime
    crowds: frozenset[str] = frozenset()

    def group_of(self, duty: Duty) -> Group:
        """Return how soon it is due."""
        return _group_of(duty, self.at)

    def rows(self, duties: Iterable[Duty]) -> list[tuple[Group, list[Row]]]:
        """Return some of ``duties`` as they are shown, in their groups, without what has been done by now.

        It takes a query or two for each kind among them.
        """
        found: dict[Group, list[Row]] = {}
        for duty, called in call(still_waiting(duties, self.crowds, at=self.at)):
            row = Row(duty, called, self.assignees.get((duty.kind, duty.key)))
            found.setdefault(self.group_of(duty), []).append(row)
        return list(found.items())

    def after(self, duty: Duty) -> Duty | None:
        """Return what is next after ``duty``, done or not."""
        following = [one for one in self.duties if one[:5] > duty[:5]]
        for first in range(0, len(following), FIRST_ROWS):
            some = following[first : first + FIRST_ROWS]
            if there := still_waiting(some, self.crowds, at=self.at):
                return there[0]
        return None


def day_of(
    viewer: User,
    *,
    kind: str = "",
    whose_rows: str = "",
    due_on: date | None = None,
    first: int = FIRST_ROWS,
    at: datetime,
) -> Day:
    """Return what waits at ``at`` for ``viewer`` at the counter; the number of queries is that of the kinds.

    Args:
        kind: only this kind; one that is not known leaves nothing out.
        whose_rows: of whom, a ``Whose``; anything else leaves nothing out.
        due_on: only what is due on this day in Helsinki.
        first: how many are enough of a kind of which too many wait; what is the viewer's is there beyond them.
    """
    waits = queue_of(KINDS, first=first, at=at)
    found = waits.duties
    if waits.last:
        found = _with_mine(found, viewer, set(waits.last), at=at)
    if due_on is not None:
        found = [duty for duty in found if helsinki(duty.due).date() == due_on]
    assignees = whose(found)

    def assignee(duty: Duty) -> int | None:
        return assignees.get((duty.kind, duty.key))

    of_whom = found
    if whose_rows == Whose.MINE:
        of_whom = [duty for duty in found if assignee(duty) == viewer.pk]
    elif whose_rows == Whose.NOBODYS:
        of_whom = [duty for duty in found if assignee(duty) is None]
    duties = [duty for duty in of_whom if duty.kind == kind] if kind in KINDS else of_whom
    is_whole = due_on is None  # the numbers are of all days
    cut = _cut(waits.last, kind, whose_rows)
    return Day(
        duties,
        assignees,
        _groups(duties, cut.values(), at),
        _tallies(of_whom, waits, whose_rows, is_whole=is_whole),
        _of_whom(found, assignees, viewer, waits, kind, is_whole=is_whole),
        bool(cut),
        at,
        waits.crowds,
    )


def _cut(last: Mapping[str, Duty], kind: str, whose_rows: str) -> dict[str, Duty]:
    """Return the last row shown of each kind that has more rows than are shown."""
    return {
        name: duty
        for name, duty in last.items()
        if (kind not in KINDS or name == kind) and _leaves_out(name, whose_rows)
    }


def _leaves_out(cut_kind: str, whose_rows: str) -> bool:
    """Return whether some rows of a kind that is cut are left out: one's own never are, but of questions."""
    return whose_rows != Whose.MINE or cut_kind in OF_QUESTIONS


def _tallies(
    duties: Iterable[Duty], waits: Queue, whose_rows: str, *, is_whole: bool
) -> list[Tally]:
    """Return how many there are of each kind, most first."""
    kinds = Counter(duty.kind for duty in duties)
    is_known = is_whole and whose_rows not in {Whose.MINE, Whose.NOBODYS}
    if is_known:
        kinds = Counter(waits.numbers)
    return [
        Tally(
            name,
            str(KINDS[name].label),
            number,
            has_more=not is_known and name in waits.last and _leaves_out(name, whose_rows),
        )
        for name, number in kinds.most_common()
    ]


def _of_whom(
    found: Sequence[Duty],
    assignees: Mapping[Key, int],
    viewer: User,
    waits: Queue,
    kind: str,
    *,
    is_whole: bool,
) -> list[Tally]:
    """Return how many are whose, of the kind or of all."""
    kinds = {kind} if kind in KINDS else set(KINDS)
    there = [assignees.get((duty.kind, duty.key)) for duty in found if duty.kind in kinds]
    numbers = {
        Whose.ALL: len(there),
        Whose.MINE: there.count(viewer.pk),
        Whose.NOBODYS: there.count(None),
    }
    if is_whole:
        numbers[Whose.ALL] = sum(n for name, n in waits.numbers.items() if name in kinds)
    cut = waits.last.keys() & kinds
    return [
        Tally(
            one,
            str(one.label),
            numbers[one],
            has_more=not (one == Whose.ALL and is_whole)
            and any(_leaves_out(name, one) for name in cut),
        )
        for one in Whose
    ]


def _with_mine(found: list[Duty], viewer: User, full: set[str], *, at: datetime) -> list[Duty]:
    """Return ``found`` with what is the viewer's beyond the most urgent."""
    there = {(duty.kind, duty.key) for duty in found}
    mine = TakenDuty.objects.filter(assignee=viewer, kind__in=full).values_list("kind", "key")
    beyond = [key for key in mine if key not in there]
    return sorted([*found, *among(by_kind(beyond), at=at)]) if beyond else found


def _groups(duties: Sequence[Duty], last: Iterable[Duty], at: datetime) -> list[Tally]:
    """Return how many of ``duties``, the most urgent first, are in each group; without empty ones.

    Args:
        last: after each of these more wait.
    """
    ends = [*(bisect_left(duties, edge) for edge in _edges(at)), len(duties)]
    numbers = [end - begin for begin, end in pairwise([0, *ends])]
    groups = list(Group)
    first_cut = min((groups.index(_group_of(duty, at)) for duty in last), default=len(groups))
    return [
        Tally(one, str(one.label), number, has_more=n >= first_cut)
        for n, (one, number) in enumerate(zip(groups, numbers, strict=True))
        if number
    ]


def _group_of(duty: Duty, at: datetime) -> Group:
    return list(Group)[bisect_right(_edges(at), duty[:2])]


def _edges(at: datetime) -> list[tuple[Any, ...]]:
    """Return where each group ends, the last one left out, among duties as they are ordered."""
    today = helsinki(at).date()
    begins = (today + timedelta(days=1), _sunday(today) + timedelta(days=1))
    return [(1,), (1, at + timedelta.resolution), *((1, instant(day, time())) for day in begins)]


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
