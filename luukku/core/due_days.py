"""The days of deadlines in SQL, to order rows by them; ``core.duty`` tells the deadlines themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, DateField, Func, QuerySet, When
from django.db.models.functions import Greatest, Least, TruncDate
from django.db.models.lookups import IsNull

from luukku.core.duty import FINDERS, KINDS, Expr, as_column, moved
from luukku.core.times import HELSINKI, helsinki, instant, is_working_day, working_day

YEARS = (
    3  # before this one and after it; of days further away it is not known whether offices are open
)
NOON = time(12)
Step = Callable[[date], date]


def with_due_day(kind: str, *, at: datetime) -> QuerySet[Any]:
    """Return the rows that wait as duties of ``kind``, ``due_day`` added: the day of the deadline in Helsinki.

    Raises:
        ValueError: the rows name their deadline themselves; it counts from no day.
    """
    told, waiting = KINDS[kind], FINDERS[kind](at)
    if waiting.due is not None:
        raise ValueError(f"The rows of {kind} name their deadline themselves")
    since, first = as_column(waiting.since), date(at.year - YEARS, 1, 1)
    if isinstance(told.within, timedelta):
        due: Any = Stepped(_day(moved(since, told.within)), step=_open_from, first=first)
    else:
        due = Stepped(_day(since), step=_on_days(told.within), first=first)
    if waiting.starts_at is not None and told.lead is not None:
        starts_at = as_column(waiting.starts_at)
        last = Stepped(_day(moved(starts_at, -told.lead)), step=_open_until, first=first)
        sooner = Least(due, Greatest(_day(since), last))
        due = Case(When(IsNull(starts_at, True), then=due), default=sooner)
    return waiting.rows.annotate(due_day=due)


class Stepped(Func):
    """A day moved by ``step``: how far it moves each day from ``first`` on is worked out here and looked up there."""

    output_field = DateField()

    def __init__(self, day: Any, *, step: Step, first: date) -> None:
        super().__init__(day, step=step, first=first)

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_extra: Any) -> Any:
        """Return the sum of the day and of what stands in its place of an array."""
        day, params = compiler.compile(self.source_expressions[0])
        first = self.extra["first"]
        sql = f"({day} + COALESCE((%s::int[])[{day} - %s::date + 1], 0))"
        return sql, [*params, _how_far(self.extra["step"], first), *params, first]


@lru_cache(maxsize=16)
def _how_far(step: Step, first: date) -> list[int]:
    days = [first + timedelta(days=n) for n in range((2 * YEARS + 1) * 366)]
    return [(step(day) - day).days for day in days]


@lru_cache(maxsize=16)
def _on_days(within: Callable[[datetime], datetime]) -> Step:
    """Return what ``within`` does to days; it counts from the day of an instant."""
    return lambda day: helsinki(within(instant(day, NOON))).date()


def _open_from(day: date) -> date:
    return day if is_working_day(day) else working_day(day, 1)


def _open_until(day: date) -> date:
    return day if is_working_day(day) else working_day(day, -1)


def _day(moment: Expr) -> TruncDate:
    return TruncDate(moment, tzinfo=HELSINKI)
