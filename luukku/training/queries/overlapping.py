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
        common = share_of_topics(one.programme, other.programme)
        km = _km(one.event, other.event, between)
        if common < ALIKE or km is NOT_NEAR or not _is_near_in_time(one.event, other.event):
            continue
        left = (free[one.event_id], free[other.event_id])
        found.append(Overlap(one, other, round(100 * common), None if km < 0 else km, left))
    return found


NOT_NEAR = None
REMOTELY = -1


def _km(one: Event, other: Event, between: dict[tuple[str, str], int]) -> int | None:
    """Return how far apart they are, ``REMOTELY`` where that does not matter, ``NOT_NEAR`` where it is too far."""
    if Mode.REMOTE in {one.mode, other.mode}:
        return REMOTELY
    first, second = one.municipality_id, other.municipality_id
    if first is None or second is None:
        return NOT_NEAR
    km = 0 if first == second else between.get((first, second))
    return km if km is not None and km <= NEAR_KM else NOT_NEAR


def _is_near_in_time(one: Event, other: Event) -> bool:
    if one.starts_at is None or other.starts_at is None:
        return False
    return abs(one.starts_at - other.starts_at) <= NEAR_IN_TIME
