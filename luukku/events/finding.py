"""Finding events among many, by words."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from luukku.core.ordering import has_words, with_any
from luukku.events.models import Event, EventQuerySet
from luukku.organisations.models import Organisation
from luukku.taxonomy.queries import named_like

WORDS = ("title_fi", "title_sv", "title_en", "address")


def holding(events: EventQuerySet, words: str) -> EventQuerySet:
    """Return the events whose title, address, town or organiser ``words`` name; a series' theme is not asked."""
    organisers = Organisation.objects.filter(has_words(words, "name"))
    parts: list[QuerySet[Any]] = [events.filter(has_words(words, name)) for name in WORDS]
    parts.append(events.filter(organiser__in=organisers.values("pk")))
    parts.append(events.filter(municipality__in=named_like(words).municipalities))
    return with_any(events, parts)


def latest_first(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return ``events`` the latest first, those without a time before all others."""
    return events.order_by(F("starts_at").desc(nulls_first=True), "-pk")
