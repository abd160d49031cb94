"""How many would like which further training: counts of people, never names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from luukku.accounts.models import User
from luukku.core.disclosure import Count, exactly, in_tens
from luukku.core.reading import unseen
from luukku.events.models import Mode
from luukku.experts.models import Expert, FurtherKind
from luukku.training.models import Application, Barrier, TrainingWish

NOWHERE = ""  # it does not matter where; or nobody stands behind the person


@dataclass(frozen=True)
class Wished:
    """How many people wish for something, as it may be told to the reader.

    Attributes:
        kinds: each kind, the most wished for first where the reader is told the numbers.
        barriers: what makes it hard to come, to those who wish or have applied (measure 2.4).
        places, ways, behind: by municipality, by way of taking part, by background organisation.
    """

    people: Count
    kinds: list[tuple[str, Count]]
    places: list[tuple[str, Count]]
    ways: list[tuple[str, Count]]
    behind: list[tuple[str, list[tuple[str, Count]]]]
    barriers: list[tuple[str, Count]]


def own_wish(person: User) -> TrainingWish | None:
    """Return what ``person`` would like, the last that they told."""
    return TrainingWish.objects.filter(person=person).order_by("-made_at", "-pk").first()


def wished(viewer: User) -> Wished:
    """Return how many wish for what: to the counter as it is, to everybody else in tens (``core.disclosure``)."""
    with unseen():  # people are counted; nothing of any one of them is shown
        return _wished(viewer)


def _wished(viewer: User) -> Wished:
    tell = exactly if viewer.is_counter else in_tens
    rows = list(
        TrainingWish.objects.filter(person__is_active=True)
        .select_related("municipality")
        .order_by("pk")
    )
    stands = dict(
        Expert.objects.filter(user__in=[row.person_id for row in rows]).values_list(
            "user", "background_organisation__name"
        )
    )
    by_kind, by_place, by_way, by_barrier = _Sets(), _Sets(), _Sets(), _Sets()
    applied = Application.objects.filter(sent_at__isnull=False).exclude(barriers=[])
    for person, barriers in applied.order_by().values_list("person", "barriers"):
        by_barrier.add_all(barriers, person)
    by_both: dict[str, _Sets] = defaultdict(_Sets)
    by_behind = _Sets()
    for row in rows:
        by_way.add(row.mode, row.person_id)
        by_barrier.add_all(row.barriers, row.person_id)
        by_place.add(row.municipality.name if row.municipality else NOWHERE, row.person_id)
        by_behind.add(stands.get(row.person_id) or NOWHERE, row.person_id)
        for kind in row.kinds:
            by_kind.add(kind, row.person_id)
            by_both[stands.get(row.person_id) or NOWHERE].add(kind, row.person_id)

    def shown(numbers: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        # A row that stands there at all would tell of the one who wishes.
        return sorted(row for row in numbers if viewer.is_counter or tell(row[1]).size)

    kept = {name for name, _n in shown(by_behind.numbers())}
    return Wished(
        people=tell(len({row.person_id for row in rows})),
        kinds=_told([(str(kind.label), by_kind.number(kind)) for kind in FurtherKind], tell),
        places=_told(shown(by_place.numbers()), tell),
        ways=_told([(str(mode.label), by_way.number(mode)) for mode in Mode], tell),
        barriers=_told([(str(one.label), by_barrier.number(one)) for one in Barrier], tell),
        behind=[
            (name, [(str(kind.label), tell(own.number(kind))) for kind in FurtherKind])
            for name, own in sorted(by_both.items())
            if name in kept
        ],
    )


class _Sets:
    """Who wishes for what: people are counted once, however many rows they have."""

    def __init__(self) -> None:
        self._who: dict[Hashable, set[int]] = defaultdict(set)

    def add(self, what: str, person: int) -> None:
        self._who[str(what)].add(person)

    def add_all(self, each: Iterable[str], person: int) -> None:
        for what in each:
            self.add(what, person)

    def number(self, what: str) -> int:
        return len(self._who.get(str(what), ()))

    def numbers(self) -> list[tuple[str, int]]:
        return [(str(what), len(who)) for what, who in self._who.items()]


def _told(rows: list[tuple[str, int]], tell: Callable[[int], Count]) -> list[tuple[str, Count]]:
    """Return each with its count as it is told, the greatest first; those alike to the reader stay as they came."""
    return sorted(((name, tell(n)) for name, n in rows), key=lambda row: -row[1].size)
