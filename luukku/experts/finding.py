"""Finding experts among many, by what the counter knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from luukku.accounts.queries import people_said
from luukku.core.compiled import Given
from luukku.core.finding import found_once
from luukku.core.ordering import NONE, Keys, Words, among, has_words, in_finnish, with_keys_of
from luukku.experts.models import Experience, Expert, ExpertQuerySet
from luukku.taxonomy.models import Theme
from luukku.taxonomy.queries import find_themes, named_like

Experts = TypeVar("Experts", bound=QuerySet[Any])


def shown_experiences() -> QuerySet[Experience]:
    """Return the experiences that may be used, with their themes in the editors' order."""
    shown = Experience.objects.filter(is_shown=True, theme__is_active=True)
    return shown.select_related("theme").order_by("theme__position", "perspective", "pk")


def experiences_of(themes: Iterable[Theme]) -> QuerySet[Experience]:
    """Return the experiences of ``themes``, and of those below them, that may be used."""
    return shown_experiences().filter(Q(theme__in=themes) | Q(theme__parent__in=themes))


def by_code_name(experts: QuerySet[Expert]) -> QuerySet[Expert]:
    """Return ``experts`` in the order of their code names, which an index keeps."""
    return experts.order_by(in_finnish("code_name"), "pk")


def of_each(experts: QuerySet[Expert], themes: Sequence[Theme]) -> list[QuerySet[Expert]]:
    """Return the ``experts`` of each of ``themes`` who know none of those before it, by their code names.

    An index is walked until enough have the theme; put in one order by theme and name, all who have one are sorted.
    """
    found = []
    for n, theme in enumerate(themes):
        rows = experts.filter(_knows([theme]))
        found.append(by_code_name(rows.exclude(_knows(themes[:n])) if n else rows))
    return found


def without(experts: Experts, themes: Sequence[Theme]) -> Experts:
    """Return the ``experts`` who know none of ``themes``."""
    return experts.exclude(_knows(themes)) if themes else experts


def _knows(themes: Sequence[Theme]) -> Exists:
    return Exists(experiences_of(themes).filter(expert=OuterRef("pk")))


def with_experiences() -> Prefetch:
    """Return what gives each expert ``shown``, their experiences that may be used."""
    return Prefetch("experiences", queryset=shown_experiences(), to_attr="shown")


def holding(experts: ExpertQuerySet, words: str) -> ExpertQuerySet:
    """Return the experts that ``words`` may mean.

    They stand in the name, code name or town, in the e-mail address or telephone number, or mean a theme that may be
    used, or one above it; case and accents make no difference.
    """
    keys = _keys(
        words=words,
        people=people_said(words),
        themes={theme.pk for theme in find_themes(words)},
        municipalities=named_like(words).municipalities,
    )
    return with_keys_of(experts, keys)


@found_once
def _keys(
    words: Words,
    people: Keys | Given = NONE,
    themes: Keys | Given = NONE,
    municipalities: Keys | Given = NONE,
) -> list[QuerySet[Any]]:
    rows = Expert.objects.order_by()
    known = shown_experiences().filter(among(themes, "theme") | among(themes, "theme__parent"))
    return [
        rows.filter(among(people, "user")),
        rows.filter(has_words(words, "code_name")),
        rows.filter(among(municipalities, "municipality")),
        known.values("expert"),
    ]
