"""Coming trainings that could have been one: much the same topics, near in place and time, with free places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from luukku.events.models import Event, Mode
from luukku.taxonomy.models import Distance
from luukku.training.models import Run, RunQuerySet
from luukku.training.queries.comparing import ALIKE, share_of_topics

NEAR_KM = 60
NEAR_IN_TIME = timedelta(days=183)
MOST_RUNS = 60  # the soonest ones; nobody compares more


@dataclass(frozen=True)
class Overlap:
    """Two trainings that could have been one.

    Attributes:
        share: how many hundredths of their topics are common.
        km: how far apart they are; None where one takes part remotely in either.
        free: how many places each has left.
    """

    one: Run
    other: Run
    share: int
    km: int | None
    free: tuple[int, int]


def overlaps(runs: RunQuerySet, *, at: datetime) -> list[Overlap]:
    """Return pairs of the coming ``runs`` that overlap, the soonest first, in a fixed number of queries."""
    rows = list(
        runs.coming(at)
        .select_related("event__organiser", "programme")
        .prefetch_related("programme__topics")[:MOST_RUNS]
    )
    events = Event.objects.filter(pk__in=[row.event_id for row in rows]).with_numbers()
    free = {event.pk: event.seats - event.taken for event in events}  # type: ignore[attr-defined]  # annotated
    towns = {row.event.municipality_id for row in rows if row.event.municipality_id}
    between = {
        (origin, destination): km
        for origin, destination, km in Distance.objects.filter(
            origin__in=towns, destination__in=towns
        ).values_list("origin", "destination", "km")
    }
    found = []
    for one, other in combinations([row for row in rows if free[row.event_id] > 0], 2):
        if _is_one_again(one, other) or not _is_near_in_time(one.event, other.event):
            continue
        common = share_of_topics(one.programme, other.programme)
        apart = _apart(one.event, other.event, between)
        if common < ALIKE or not apart.is_near:
            continue
        left = (free[one.event_id], free[other.event_id])
        found.append(Overlap(one, other, round(100 * common), apart.km, left))
    return found


def _is_one_again(one: Run, other: Run) -> bool:
    """Whether one organiser holds the same training twice: that is a choice of times, not an overlap."""
    is_one_organiser = one.event.organiser_id == other.event.organiser_id
    return is_one_organiser and one.programme_id == other.programme_id


@dataclass(frozen=True)
class _Apart:
    """Whether two trainings are near; ``km``: how far apart, None where one takes part remotely in either."""

    is_near: bool
    km: int | None = None


def _apart(one: Event, other: Event, between: dict[tuple[str, str], int]) -> _Apart:
    if Mode.REMOTE in {one.mode, other.mode}:
        return _Apart(True)
    first, second = one.municipality_id, other.municipality_id
    if first is None or second is None:
        return _Apart(False)
    km = 0 if first == second else between.get((first, second))
    return _Apart(km is not None and km <= NEAR_KM, km)


def _is_near_in_time(one: Event, other: Event) -> bool:
    if one.starts_at is None or other.starts_at is None:
        return False
    return abs(one.starts_at - other.starts_at) <= NEAR_IN_TIME
