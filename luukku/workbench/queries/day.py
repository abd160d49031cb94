"""The queue as the day's work: in groups by how soon, with who does what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.duty import KINDS, Called, Duty, among, call, cut_kinds, queue
from luukku.core.times import helsinki
from luukku.workbench.models import TakenDuty
from luukku.workbench.queries.taken import Key, by_kind, whose


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
    """How many there are of something; ``has_more``: at least so many, only the most urgent were counted."""

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
    """

    duties: list[Duty]
    assignees: dict[Key, int]
    groups: list[Tally]
    kinds: list[Tally]
    whose: list[Tally]
    at: datetime

    def group_of(self, duty: Duty) -> Group:
        """Return how soon it is due."""
        return _group(duty, self.at)

    def rows(self, duties: Iterable[Duty]) -> list[tuple[Group, list[Row]]]:
        """Return some of ``duties`` as they are shown, in their groups; a query or two for each kind among them."""
        found: dict[Group, list[Row]] = {}
        for duty, called in call(duties):
            row = Row(duty, called, self.assignees.get((duty.kind, duty.key)))
            found.setdefault(self.group_of(duty), []).append(row)
        return list(found.items())

    def after(self, duty: Duty) -> Duty | None:
        """Return what is next after ``duty``, done or not."""
        return next((one for one in self.duties if one[:5] > duty[:5]), None)


def day_of(viewer: User, *, kind: str = "", whose_rows: str = "", at: datetime) -> Day:
    """Return what waits at ``at`` for ``viewer`` at the counter; the number of queries is that of the kinds.

    Args:
        kind: only this kind; one that is not known leaves nothing out.
        whose_rows: of whom, a ``Whose``; anything else leaves nothing out.
    """
    found = queue(at=at)
    full = cut_kinds(found)
    if full:
        found = _with_mine(found, viewer, full, at=at)
    assignees = whose(found)

    def belongs(duty: Duty, to: str) -> bool:
        assignee = assignees.get((duty.kind, duty.key))
        if to == Whose.MINE:
            return assignee == viewer.pk
        return to != Whose.NOBODYS or assignee is None

    of_whom = [duty for duty in found if belongs(duty, whose_rows)]
    of_kind = [duty for duty in found if duty.kind == kind] if kind in KINDS else found
    duties = [duty for duty in of_whom if duty.kind == kind] if kind in KINDS else of_whom
    groups = Counter(_group(duty, at) for duty in duties)
    kinds = Counter(duty.kind for duty in of_whom)
    return Day(
        duties,
        assignees,
        [Tally(one, str(one.label), groups[one]) for one in Group if groups[one]],
        [
            Tally(name, str(KINDS[name].label), number, has_more=name in full)
            for name, number in kinds.most_common()
        ],
        [Tally(one, str(one.label), sum(belongs(duty, one) for duty in of_kind)) for one in Whose],
        at,
    )


def _with_mine(found: list[Duty], viewer: User, full: set[str], *, at: datetime) -> list[Duty]:
    """Return ``found`` with what is the viewer's beyond the most urgent."""
    there = {(duty.kind, duty.key) for duty in found}
    mine = TakenDuty.objects.filter(assignee=viewer, kind__in=full).values_list("kind", "key")
    beyond = [key for key in mine if key not in there]
    return sorted([*found, *among(by_kind(beyond), at=at)]) if beyond else found


def _group(duty: Duty, at: datetime) -> Group:
    if duty.is_first:
        return Group.FIRST
    if duty.is_late(at):
        return Group.LATE
    today, day = helsinki(at).date(), helsinki(duty.due).date()
    if day == today:
        return Group.TODAY
    return Group.WEEK if day <= _sunday(today) else Group.LATER


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
