"""What an expert needs to know of a task before saying yes: distance, load, and whether the times suit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from luukku.assignments.queries import tasks_in_month, times_to_choose
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.queries import is_free
from luukku.orders.actions import DECIDING
from luukku.orders.history import Difference, changed_since
from luukku.orders.models import Mode, Order, OrderTime
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.taxonomy.models import Distance


@dataclass(frozen=True)
class TimeFacts:
    """One possible time: whether another task is agreed then, and whether the expert's calendar leaves it free."""

    time: OrderTime
    is_booked: bool
    is_free: bool


@dataclass(frozen=True)
class Load:
    """How many tasks an expert has in a month; whether their own limit for a month is reached."""

    month: date
    own_tasks: int
    is_full: bool


@dataclass(frozen=True)
class TaskFacts:
    """One task seen by one expert, or the dates of a series together."""

    distance: Distance | None  # None where the task is remote or nothing is known
    times: list[TimeFacts]
    loads: list[Load]  # of the months of the times
    opens_identity: bool  # whether a yes shows the expert's name to the orderer
    changed_at: (
        datetime | None
    )  # when place, fee or what is asked for changed after the expert was asked
    differences: tuple[Difference, ...]  # what of these is another than then
    is_call: bool  # whether the expert signs up and the counter says the yes
    apart: frozenset[str] = frozenset()  # what is said at each date: names in ``terms.GROUPS``


def facts_for(order: Order, expert: Expert, *, at: datetime, is_call: bool = False) -> TaskFacts:
    """Return what ``expert`` needs to know of ``order``."""
    times = times_for(order, expert, at=at)
    changed_at, differences = changed_meanwhile(order, expert)
    return TaskFacts(
        distance=distance_to(order, expert),
        times=times,
        loads=loads_of(expert, times, at=at),
        changed_at=changed_at,
        differences=differences,
        opens_identity=has_consent(expert.user, Purpose.IDENTITY),
        is_call=is_call,
    )


def distance_to(order: Order, expert: Expert) -> Distance | None:
    """Return how far it is from the expert's home municipality; None where the task is remote or nothing is known."""
    if order.mode == Mode.REMOTE:
        return None
    return Distance.objects.filter(
        origin_id=expert.municipality_id, destination_id=order.municipality_id
    ).first()


def loads_of(expert: Expert, times: Iterable[TimeFacts], *, at: datetime) -> list[Load]:
    """Return what ``expert`` has agreed on in each month of ``times``; in that of ``at`` where there are none."""
    first = {
        helsinki(moment).date().replace(day=1): moment
        for moment in sorted(time.time.starts_at for time in times) or [at]
    }
    loads = []
    for month, moment in first.items():
        own, limit = tasks_in_month(expert, moment), expert.monthly_limit
        loads.append(Load(month, own, limit is not None and own >= limit))
    return loads


def changed_meanwhile(
    order: Order, expert: Expert
) -> tuple[datetime | None, tuple[Difference, ...]]:
    """Return when what ``expert`` decides by has changed since they were asked or signed up, and what of it differs."""
    at = order.terms_changed_at
    if at is None:
        return None, ()
    asked = order.offers.proposed().filter(expert=expert, made_at__lt=at).first()
    return (None, ()) if asked is None else (at, changed_since(order, asked.made_at, DECIDING))


def times_for(order: Order, expert: Expert, *, at: datetime) -> list[TimeFacts]:
    """Return the times of ``order`` that a yes may still be given for, as they suit ``expert``."""
    return [_time_facts(time, expert) for time in times_to_choose(order, at=at)]


def _time_facts(time: OrderTime, expert: Expert) -> TimeFacts:
    overlapping = expert.assignments.live().filter(
        starts_at__lt=time.ends_at, ends_at__gt=time.starts_at
    )
    return TimeFacts(time, overlapping.exists(), is_free(expert, time.starts_at, time.ends_at))
