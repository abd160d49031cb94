"""Programmes beside each other and beside the common core: how long each is about each topic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from luukku.experts.models import TrainingKind
from luukku.taxonomy.models import Topic
from luukku.training.models import (
    CommonCore,
    CoreTopic,
    Programme,
    ProgrammeQuerySet,
    ProgrammeTopic,
)

ALIKE = 0.7  # from this share of common topics on, two programmes are much the same


@dataclass(frozen=True)
class Cell:
    """What one programme has of one topic; ``is_short``: less than the common core asks for."""

    spent: ProgrammeTopic | None
    is_short: bool


@dataclass(frozen=True)
class Line:
    """One topic: what the common core asks for, and what each programme has."""

    topic: Topic
    least: CoreTopic | None
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    """Programmes as columns and topics as rows.

    Attributes:
        core: the common core in force; None where nothing has been agreed on.
        holes: of each programme that has some, the topics of which it has less than the core.
        alike: pairs of programmes with much the same topics, and how many hundredths of them are common.
    """

    programmes: list[Programme]
    core: CommonCore | None
    rows: list[Line]
    holes: list[tuple[Programme, list[Topic]]]
    alike: list[tuple[Programme, Programme, int]]


def core_now() -> CommonCore | None:
    """Return the common core in force, with its topics."""
    return CommonCore.objects.prefetch_related("topics__topic").first()


def holes_of(programme: Programme) -> list[Topic]:
    """Return the topics on which ``programme`` spends less time than the common core asks for."""
    core = core_now()
    if core is None or programme.kind != TrainingKind.BASIC:
        return []
    spent = {row.topic_id: row for row in programme.topics.all()}
    return [
        least.topic for least in core.topics.all() if _is_short(spent.get(least.topic_id), least)
    ]


def comparison(programmes: ProgrammeQuerySet) -> Comparison:
    """Return ``programmes`` side by side, in a fixed number of queries; only topics that they or the core have."""
    found = list(programmes.with_minutes().prefetch_related("producers", "topics"))
    core = core_now()
    asked = {row.topic_id: row for row in core.topics.all()} if core else {}
    spent = {(row.programme_id, row.topic_id): row for one in found for row in one.topics.all()}
    topics = Topic.objects.filter(pk__in={topic for _programme, topic in spent} | asked.keys())
    rows = [
        Line(topic, least, [_cell(one, spent.get((one.pk, topic.pk)), least) for one in found])
        for topic in topics
        for least in [asked.get(topic.pk)]
    ]
    short = [
        (one, [row.topic for row in rows if row.cells[n].is_short]) for n, one in enumerate(found)
    ]
    holes = [(one, missing) for one, missing in short if missing]
    return Comparison(found, core, rows, holes, _alike(found))


def _cell(programme: Programme, spent: ProgrammeTopic | None, least: CoreTopic | None) -> Cell:
    is_short = (
        programme.kind == TrainingKind.BASIC and least is not None and _is_short(spent, least)
    )
    return Cell(spent, is_short)


def _is_short(spent: ProgrammeTopic | None, least: CoreTopic) -> bool:
    return (
        spent is None
        or spent.contact_minutes < least.contact_minutes
        or spent.own_minutes < least.own_minutes
    )


def _alike(programmes: list[Programme]) -> list[tuple[Programme, Programme, int]]:
    pairs = []
    for one, other in combinations(programmes, 2):
        common = share_of_topics(one, other)
        if common >= ALIKE:
            pairs.append((one, other, round(100 * common)))
    return pairs


def share_of_topics(one: Programme, other: Programme) -> float:
    """Return which share of the topics of either both programmes have."""
    first, second = ({row.topic_id for row in its.topics.all()} for its in (one, other))
    every = first | second
    return len(first & second) / len(every) if every else 0.0
