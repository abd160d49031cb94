"""Finding events among many, by words."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet

from luukku.core.compiled import Given
from luukku.core.finding import found_once
from luukku.core.ordering import NONE, Keys, Words, among, has_words, with_common, with_keys_of
from luukku.events.models import Event, EventQuerySet
from luukku.organisations.models import Organisation
from luukku.taxonomy.queries import named_like

WORDS = ("title_fi", "title_sv", "title_en", "address")


def holding(events: EventQuerySet, words: str) -> EventQuerySet:
    """Return the events whose title, address, town or organiser ``words`` name; a series' theme is not asked."""
    municipalities = named_like(words).municipalities
    keys = _keys(words=words, municipalities=municipalities)
    if isinstance(keys, set):
        return with_keys_of(events, keys)
    # A word of very many events is looked for in those alone that a rarer word has left.
    return with_common(events, reduce(or_, _ways(words, municipalities)))


def _ways(words: Words, municipalities: Keys | Given) -> list[Q]:
    """Return in how many ways an event can be named by ``words``."""
    organisers = Organisation.objects.filter(has_words(words, "name"))
    return [
        *(has_words(words, name) for name in WORDS),
        Q(organiser__in=organisers.values("pk")),
        among(municipalities, "municipality"),
    ]


@found_once
def _keys(words: Words, municipalities: Keys | Given = NONE) -> list[QuerySet[Any]]:
    rows = Event.objects.order_by()
    return [rows.filter(way) for way in _ways(words, municipalities)]


def latest_first(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return ``events`` the latest first, those without a time before all others."""
    return events.order_by(F("starts_at").desc(nulls_first=True), "-pk")
