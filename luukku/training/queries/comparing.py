"""Programmes beside each other: how long each is about each topic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from luukku.taxonomy.models import Topic
from luukku.training.models import Programme, ProgrammeQuerySet, ProgrammeTopic

ALIKE = 0.7  # from this share of common topics on, two programmes are much the same


@dataclass(frozen=True)
class Comparison:
    """Programmes as columns and topics as rows, with the minutes of each; None where it has nothing of a topic.

    Attributes:
        alike: pairs of programmes with much the same topics, and how many hundredths of them are common.
    """

    programmes: list[Programme]
    rows: list[tuple[Topic, list[ProgrammeTopic | None]]]
    alike: list[tuple[Programme, Programme, int]]


def comparison(programmes: ProgrammeQuerySet) -> Comparison:
    """Return ``programmes`` side by side, in a fixed number of queries; only topics that one of them has."""
    found = list(programmes.with_minutes().prefetch_related("producers", "topics"))
    spent = {(row.programme_id, row.topic_id): row for one in found for row in one.topics.all()}
    topics = Topic.objects.filter(pk__in={topic for _programme, topic in spent})
    rows = [(topic, [spent.get((one.pk, topic.pk)) for one in found]) for topic in topics]
    return Comparison(found, rows, _alike(found))


def _alike(programmes: list[Programme]) -> list[tuple[Programme, Programme, int]]:
    pairs = []
    of = {one.pk: {row.topic_id for row in one.topics.all()} for one in programmes}
    for one, other in combinations(programmes, 2):
        every, both = of[one.pk] | of[other.pk], of[one.pk] & of[other.pk]
        if every and len(both) / len(every) >= ALIKE:
            pairs.append((one, other, round(100 * len(both) / len(every))))
    return pairs
