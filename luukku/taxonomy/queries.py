"""Reading the shared vocabulary."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q

from luukku.core.asked import asked_once
from luukku.core.compiled import Compiled, ask, compiled
from luukku.core.ordering import folded_text, in_finnish
from luukku.core.text import fold
from luukku.taxonomy.models import (
    Distance,
    Municipality,
    Region,
    TaskType,
    Theme,
    ThemeGroup,
    ThemeSynonym,
)

NAMES = ("pk", "name_fi", "name_sv", "name_en")


@dataclass(frozen=True)
class Named:
    """The keys of what words are part of the name of."""

    municipalities: set[str]
    task_types: set[int]
    themes: set[int]


@dataclass(frozen=True)
class ThemeBranch:
    """A theme and the narrower ones below it."""

    theme: Theme
    narrower: list[Theme]


def themes_tree() -> list[tuple[ThemeGroup, list[ThemeBranch]]]:
    """Return active themes by group, broader ones first, in the editors' order; one query."""
    themes = list(Theme.objects.filter(is_active=True).order_by("position", "pk"))
    below: dict[int, list[Theme]] = {}
    for theme in themes:
        if theme.parent_id:
            below.setdefault(theme.parent_id, []).append(theme)
    return [
        (
            group,
            [
                ThemeBranch(theme, below.get(theme.pk, []))
                for theme in themes
                if theme.group == group and theme.parent_id is None
            ],
        )
        for group in ThemeGroup
    ]


@asked_once
def find_themes(words: str) -> list[Theme]:
    """Return active themes whose name or everyday word begins with or contains ``words``, best first."""
    wanted = fold(words)
    if not wanted:
        return []
    ranks: dict[int, int] = {}
    names, everyday = _rows_of(_words_of_themes)
    for pk, *texts in (*names, *everyday):
        for text in map(_plain, texts):
            if wanted in text:
                rank = 0 if text == wanted else 1 if text.startswith(wanted) else 2
                ranks[pk] = min(rank, ranks.get(pk, 9))
    by_key = Theme.objects.in_bulk(ranks)
    return sorted(by_key.values(), key=lambda theme: (ranks[theme.pk], theme.position))


@asked_once
def named_like(words: str) -> Named:
    """Return what has ``words`` in its name, compared as ``core.ordering.has_words`` does; one query.

    Hundreds of names are folded sooner here than in the database, which has to do it for each search anew. The names
    of a theme are its everyday words, too.
    """
    plain = folded_text(words)
    places, kinds, themes, synonyms = _rows_of(_names) if plain else [()] * 4

    def like(rows: Iterable[Sequence[Any]]) -> set[Any]:
        return {row[0] for row in rows if plain in _folded(row)}

    return Named(like(places), like(kinds), like(themes) | like(synonyms))


@asked_once
def _rows_of(queries: Callable[[], list[Compiled]]) -> list[list[tuple[Any, ...]]]:
    return ask([(one, {}) for one in queries()])


@lru_cache(maxsize=4096)
def _folded(row: tuple[Any, ...]) -> str:
    """Return the names of a row, after its key, folded, in one text: no name holds the sign between them."""
    return "\0".join(folded_text(name) for name in row[1:])


_plain = lru_cache(maxsize=4096)(fold)


@cache
def _words_of_themes() -> list[Compiled]:
    everyday = ThemeSynonym.objects.filter(theme__is_active=True)
    return [
        compiled(Theme.objects.filter(is_active=True).values_list(*NAMES)),
        compiled(everyday.values_list("theme_id", "word")),
    ]


@cache
def _names() -> list[Compiled]:
    return [
        compiled(Municipality.objects.values_list(*NAMES[:3])),
        compiled(TaskType.objects.values_list(*NAMES)),
        compiled(Theme.objects.values_list(*NAMES)),
        compiled(ThemeSynonym.objects.values_list("theme_id", "word")),
    ]


def municipalities_within(municipality: Municipality, km: int) -> list[Municipality]:
    """Return existing municipalities at most ``km`` by (estimated) road away, nearest first."""
    near = Distance.objects.filter(origin=municipality, km__lte=km, destination__valid_to=None)
    near = near.select_related("destination")
    return [
        distance.destination for distance in near.order_by("km", in_finnish("destination__name_fi"))
    ]


def region() -> Region:
    """Return the region that this counter serves."""
    return Region.objects.select_related("county").get(code=settings.LUUKKU_REGION)


def municipality_named(text: str) -> Municipality | None:
    """Return the municipality called ``text`` in Finnish or Swedish, existing ones first."""
    named = Municipality.objects.filter(
        Q(name_fi__iexact=text.strip()) | Q(name_sv__iexact=text.strip())
    )
    return named.order_by("-valid_to", "code").first() if text.strip() else None


def municipality_called(text: str | None) -> Municipality | None:
    """Return the municipality whose code or Finnish or Swedish name ``text`` is; None for nothing.

    Raises:
        Municipality.DoesNotExist: there is none.
    """
    if not text:
        return None
    municipality = Municipality.objects.filter(code=text).first() or municipality_named(text)
    if municipality is None:
        raise Municipality.DoesNotExist(f"There is no municipality called {text!r}.")
    return municipality
