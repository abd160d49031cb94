"""What waits for a person: each app says in its ``duties.py`` what, until when, and on which page it is done.

The counter's queue collects it. ``luukku.config`` imports the files at start, the lowest app first. A kind says
twice: which rows wait (keys and instants only, of everything), and what they are called (of those that are shown).
What finds the rows is asked once for its query; the query is compiled then, and all kinds are asked in one round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.functional import Promise

from luukku.core.compiled import AT, Compiled, Instant, ask, compiled, with_keys
from luukku.core.times import helsinki, instant, is_working_day, working_day

FIRST_ROWS = 40  # of one kind, the most urgent: as many as stand on a page
MOST_ROWS = 200  # of one kind, if these are all
CROWD = 250  # more than these of one kind are looked for once in KEPT_FOR: nobody does so many in a minute
KEPT_FOR = timedelta(minutes=1)
END_OF_DAY = time(16)  # of a promise that is made in days
Expr = Expression | F | Subquery
Column = str | Expr


class Duty(NamedTuple):
    """One thing that waits for a person at the counter; the smallest is the most urgent.

    Attributes:
        rank: 0 before all others, also those that are late; else 1.
        due: the deadline, on a working day: of its kind, or so long before the event as its kind needs.
        since: from when it waits.
        kind, key: which it is.
        pk: what the page that does it is opened with.
        starts_at: when the event is that it is about.
    """

    rank: int
    due: datetime
    since: datetime
    kind: str
    key: int
    pk: int
    starts_at: datetime | None = None

    @property
    def is_first(self) -> bool:
        """Whether it stands before all others."""
        return self.rank == 0

    @property
    def label(self) -> str | Promise:
        """What is to be done."""
        return KINDS[self.kind].label

    @property
    def tells_wait(self) -> bool:
        """Whether it has waited since ``since``, as far as anybody knows."""
        return KINDS[self.kind].tells_wait

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(KINDS[self.kind].page, args=[self.pk])

    def is_late(self, at: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.due <= at


class Called(NamedTuple):
    """What one duty is called: what it is about, and whom to call where a call is the act."""

    title: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Waiting:
    """The rows that wait, and which of their columns say what; of an expression the same.

    Attributes:
        key: tells a duty from others of its kind.
        pk: what its page is opened with, if not its key.
        due: a deadline that the row names itself: an instant, or a day that somebody was promised.
        starts_at: when the event is.
        is_first: whether it stands before all others.
    """

    rows: QuerySet[Any]
    since: Column
    key: str = "pk"
    pk: str = ""
    due: Column | None = None
    starts_at: Column | None = None
    is_first: Column | None = None


Finder = Callable[[Instant], Waiting]  # of the instant at which the rows wait
Caller = Callable[[Collection[int]], Mapping[int, Called]]


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty; ``@kind.finds`` marks what finds its rows at an instant, ``@kind.calls`` what names them.

    Attributes:
        name: stable, stands in the queue's address.
        page: the name of the page that does it; takes a key.
        within: how soon it should be done, or what tells the deadline from when it began to wait; a deadline on
            a day off moves to the next working day.
        lead: how long before the event it must be done; on a day off, on the working day before.
        tells_wait: False where it may have begun later than ``since``, and nobody knows when.
    """

    name: str
    label: str | Promise
    page: str
    within: timedelta | Callable[[datetime], datetime] = timedelta(0)
    lead: timedelta | None = None
    tells_wait: bool = True

    def finds(self, find: Finder) -> Finder:
        """Make the kind known, its rows found by ``find``.

        Raises:
            ValueError: another kind has the name.
        """
        if self.name in KINDS:
            raise ValueError(f"Two kinds of duties are called {self.name}")
        KINDS[self.name] = self
        FINDERS[self.name] = find
        return find

    def calls(self, call: Caller) -> Caller:
        """Let ``call`` tell what the duties with these keys are called."""
        _CALLERS[self.name] = call
        return call

    def duty(
        self,
        key: int,
        *,
        since: datetime | None,
        pk: int | None = None,
        due: datetime | date | None = None,
        starts_at: datetime | None = None,
        is_first: bool = False,
    ) -> Duty:
        """Return one duty of the kind.

        Raises:
            ValueError: ``since`` is None: the finder has taken something that does not wait.
        """
        if since is None:
            raise ValueError(f"{self.name} {key} does not wait")
        if due is None:
            due = self.within(since) if callable(self.within) else since + self.within
            due = due if _is_working(due) else _end_of(helsinki(due).date(), 1)
        elif isinstance(due, datetime):
            due = max(since, _before(due))
        else:
            due = instant(due, END_OF_DAY)
        if starts_at is not None and self.lead is not None:
            due = min(due, max(since, _before(starts_at - self.lead)))
        return Duty(
            0 if is_first else 1, due, since, self.name, key, key if pk is None else pk, starts_at
        )


KINDS: dict[str, DutyKind] = {}
FINDERS: dict[str, Finder] = {}
_CALLERS: dict[str, Caller] = {}


@dataclass(frozen=True)
class Queue:
    """What waits, the most urgent first.

    Attributes:
        duties: of a kind all, or the most urgent of too many.
        numbers: how many wait of each kind, with those that are left out.
        last: of each kind of which some are left out, the least urgent that is there.
        crowds: kinds told as they were up to a minute ago; ``still_waiting`` tells which of their duties are left.
    """

    duties: list[Duty]
    numbers: dict[str, int]
    last: dict[str, Duty]
    crowds: frozenset[str] = frozenset()


def queue(*, at: datetime, kind: str = "") -> list[Duty]:
    """Return what waits at ``at``, the most urgent first: of a kind all, or the most urgent of too many.

    Args:
        kind: only this kind; one that is not known leaves nothing out.
    """
    return queue_of([kind] if kind in KINDS else list(KINDS), at=at).duties


def queue_of(kinds: Iterable[str], *, first: int = FIRST_ROWS, at: datetime) -> Queue:
    """Return what waits of ``kinds`` at ``at``; in two rounds at most, and no object is made.

    Args:
        first: how many are enough of a kind of which too many wait.
    """
    kinds = list(kinds)
    crowds = _crowds(kinds, first, at=at)
    found = _first_of([kind for kind in kinds if kind not in crowds], first, at=at)
    whole = [kind for kind, (number, duties) in found.items() if len(duties) < number <= MOST_ROWS]
    found |= _first_of(whole, MOST_ROWS, at=at)
    _keep_crowds(found, at=at)
    found |= crowds
    return Queue(
        sorted(duty for _number, duties in found.values() for duty in duties),
        {kind: number for kind, (number, _duties) in found.items()},
        {kind: max(duties) for kind, (number, duties) in found.items() if len(duties) < number},
        frozenset(crowds),
    )


_Found = dict[str, tuple[int, list[Duty]]]  # of a kind how many wait, and the most urgent
_CROWDS: dict[tuple[object, str], tuple[datetime, int, list[Duty]]] = {}  # by database and kind


def _crowds(kinds: Iterable[str], first: int, *, at: datetime) -> _Found:
    """Return what was found of ``kinds`` within the last minute where a crowd waited, if it was enough."""
    here = connection.settings_dict["NAME"]
    kept = {kind: _CROWDS[here, kind] for kind in kinds if (here, kind) in _CROWDS}
    return {
        kind: (number, duties[:first])
        for kind, (found_at, number, duties) in kept.items()
        if found_at <= at < found_at + KEPT_FOR and len(duties) >= first
    }


def _keep_crowds(found: _Found, *, at: datetime) -> None:
    here = connection.settings_dict["NAME"]
    for kind, (number, duties) in found.items():
        if number > CROWD:
            _CROWDS[here, kind] = (at, number, duties)


def still_waiting(duties: Iterable[Duty], crowds: Collection[str], *, at: datetime) -> list[Duty]:
    """Return ``duties`` as they are now, in their order: of ``crowds`` those that wait no more are left out."""
    duties = list(duties)
    keys: dict[str, list[int]] = {}
    for duty in duties:
        if duty.kind in crowds:
            keys.setdefault(duty.kind, []).append(duty.key)
    if not keys:
        return duties
    now = {(duty.kind, duty.key): duty for duty in among(keys, at=at)}
    as_found = [now.get((one.kind, one.key)) if one.kind in keys else one for one in duties]
    return [duty for duty in as_found if duty is not None]


def _first_of(kinds: Iterable[str], most: int, *, at: datetime) -> _Found:
    """Return for each kind that has duties their number and the ``most`` urgent ones."""
    asked: _Asked = [(_question(name, FINDERS[name], most), {"at": at}) for name in kinds]
    return {
        question.kind.name: (rows[0][-1], question.duties(rows))
        for question, rows in _answered(asked)
        if rows
    }


def among(of_kind: Mapping[str, Collection[int]], *, at: datetime) -> list[Duty]:
    """Return which of the duties ``of_kind`` still wait at ``at``, the most urgent first; in one round."""
    asked: _Asked = [
        (_question(name, FINDERS[name], None), {"at": at, "keys": list(keys)})
        for name, keys in of_kind.items()
        if name in KINDS
    ]
    return sorted(duty for question, rows in _answered(asked) for duty in question.duties(rows))


def call(duties: Iterable[Duty]) -> list[tuple[Duty, Called]]:
    """Return ``duties`` with what each is called, without those that are gone; each caller is asked once."""
    duties = list(duties)
    keys: dict[Caller, set[int]] = {}
    for duty in duties:
        keys.setdefault(_CALLERS[duty.kind], set()).add(duty.key)
    names = {caller: caller(sorted(those)) for caller, those in keys.items()}
    called = ((duty, names[_CALLERS[duty.kind]].get(duty.key)) for duty in duties)
    return [(duty, name) for duty, name in called if name is not None]


class _Question(NamedTuple):
    """What finds the duties of one kind; ``columns``: what its rows say, before how many there are."""

    kind: DutyKind
    columns: tuple[str, ...]
    query: Compiled

    def duties(self, rows: Iterable[tuple[Any, ...]]) -> list[Duty]:
        """Return what ``rows`` say."""
        return [self.kind.duty(**dict(zip(self.columns, row, strict=False))) for row in rows]


@lru_cache(maxsize=256)
def _question(name: str, find: Finder, most: int | None) -> _Question:
    """Return what finds the ``most`` urgent duties of a kind; of None those whose keys are given."""
    kind, waiting = KINDS[name], find(AT)
    columns = {
        "since": waiting.since,
        "key": waiting.key,
        "pk": waiting.pk or waiting.key,
        "due": waiting.due,
        "starts_at": waiting.starts_at,
        "is_first": waiting.is_first,
    }
    there = {name: column for name, column in columns.items() if column is not None}
    rows = waiting.rows
    if most is None:
        rows = rows.filter(with_keys(waiting.key))
    first = (
        [] if waiting.is_first is None else [OrderBy(as_column(waiting.is_first), descending=True)]
    )
    rows = rows.order_by(*first, _urgency(kind, waiting), waiting.key)
    query = compiled(rows.values_list(*there.values(), Window(Count("*")))[:most])
    return _Question(kind, tuple(there), query)


_Asked = list[tuple[_Question, dict[str, object]]]


def _answered(
    asked: _Asked,
) -> Iterator[tuple[_Question, list[tuple[Any, ...]]]]:
    """Return each question with its rows; in one round."""
    answers = ask([(question.query, given) for question, given in asked])
    return zip((question for question, _given in asked), answers, strict=True)


def _urgency(kind: DutyKind, waiting: Waiting) -> Expr:
    """Return about what the deadline is, to take the most urgent where there are too many."""
    if waiting.due is not None:
        return as_column(waiting.due)
    within = kind.within if isinstance(kind.within, timedelta) else timedelta(days=2)
    due = moved(as_column(waiting.since), within)
    if waiting.starts_at is None or kind.lead is None:
        return due
    return Least(due, moved(as_column(waiting.starts_at), -kind.lead))


def as_column(column: Column) -> Expr:
    """Return a column as an expression."""
    return F(column) if isinstance(column, str) else column


def moved(column: Expr, by: timedelta) -> Expr:
    """Return the instants of ``column`` ``by`` later."""
    return ExpressionWrapper(column + Value(by), output_field=DateTimeField()) if by else column


def _is_working(moment: datetime) -> bool:
    return is_working_day(helsinki(moment).date())


def _before(moment: datetime) -> datetime:
    return moment if _is_working(moment) else _end_of(helsinki(moment).date(), -1)


def _end_of(day: date, after: int) -> datetime:
    return instant(working_day(day, after), END_OF_DAY)
