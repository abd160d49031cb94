"""Documents that answer a question: found by their keys, the best tier first, counted by facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from luukku.search.keys import EVERYDAY, THEME, TITLE, Asked, asked_words
from luukku.search.models import NameOf
from luukku.search.queries.meanings import Stands, what_words_stand_for
from luukku.search.queries.passages import Hit, hits

A_PAGE = 20
MOST_COUNTED = 1000  # beyond, facets say nothing of how many
FEW = 100  # so many are ranked by one statement
MOST_OF_A_BEGINNING = 60
SHORTEST_OF_KNOWN = 4  # of words that the analyser knows only longer ones reach unknown words
TIERS = 4


@dataclass(frozen=True)
class Filters:
    """What the visitor has narrowed the results to."""

    kind: str = ""
    group: str = ""
    service: str = ""
    place: str = ""

    @property
    def by_facet(self) -> bool:
        """Whether a facet narrows; calls and cards have none, so they are not shown then."""
        return any((self.group, self.service, self.place))

    @property
    def are_any(self) -> bool:
        """Whether anything narrows."""
        return bool(self.kind) or self.by_facet


@dataclass(frozen=True)
class Results:
    """A page of results and what they can be narrowed by."""

    question: str
    words: tuple[Asked, ...]
    stands: Stands
    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_more: bool = False  # ``total`` is where counting stopped
    is_any_word: bool = False  # nothing has all the words; these have some
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    number: int = 1


def search(
    question: str, *, language: str, filters: Filters | None = None, number: int = 1
) -> Results:
    """Return what anybody may find, best first; all words must fit, and if nothing does, some."""
    filters = filters or Filters()
    words = asked_words(question, language)
    stands = what_words_stand_for(words, language)
    if not words:
        return Results(question, (), stands)
    clauses = _clauses(words, stands, language)
    facets, total = _count(clauses, language, filters)
    is_any = False
    if not total and len(clauses) > 1:
        clauses, is_any = [_together(clauses)], True
        facets, total = _count(clauses, language, filters)
    number = max(1, min(number, -(-min(total, MOST_COUNTED) // A_PAGE)))
    rows = _page(clauses, language, filters, number, total) if total else []
    wanted = _together(clauses).keys
    return Results(
        question=question,
        words=tuple(words),
        stands=stands,
        hits=tuple(hits(rows, words, wanted, stands, language)),
        total=min(total, MOST_COUNTED),
        is_more=total > MOST_COUNTED,
        is_any_word=is_any,
        facets=facets,
        number=number,
    )


@dataclass(frozen=True)
class _Clause:
    """What answers one word: the word itself, and all that leads to it."""

    exact: frozenset[str]
    keys: frozenset[str]

    def tier(self, number: int) -> list[str]:
        """Return the keys that put a document into tier ``number`` or a better one, 0 the best."""
        if number == 0:
            return sorted(f"{TITLE}{key}" for key in self.exact)
        if number == 1:
            marks = {key for key in self.keys if key.startswith(THEME)}
            return sorted(
                marks | {f"{mark}{key}" for key in self.keys for mark in (TITLE, EVERYDAY)}
            )
        return sorted(self.exact) if number == 2 else sorted(self.keys)


def _clauses(words: Sequence[Asked], stands: Stands, language: str) -> list[_Clause]:
    beginnings = _beginnings(words, language)
    clauses = []
    for place, word in enumerate(words):
        keys = set(word.keys) | beginnings.get(place, set())
        for meaning in stands.meanings:
            if place in meaning.places and meaning.what in {NameOf.THEME, NameOf.SYNONYM}:
                keys |= {f"{THEME}{meaning.code}"} | meaning.keys
                if len(meaning.places) == 1:  # päihteetön is about päihde; koditon is no koti
                    keys |= {f"~{base}-ton" for base in word.bases}
        clauses.append(_Clause(frozenset(word.bases), frozenset(keys)))
    return clauses


def _together(clauses: Sequence[_Clause]) -> _Clause:
    return _Clause(
        frozenset().union(*(clause.exact for clause in clauses)),
        frozenset().union(*(clause.keys for clause in clauses)),
    )


def _beginnings(words: Sequence[Asked], language: str) -> dict[int, set[str]]:
    """Return the words of the index that begin with a word of the question; one statement.

    Only where keys explain nothing: either side is a word that no analyser knows.
    """
    asked = [
        (place, beginning, word.is_known and language == "fi")
        for place, word in enumerate(words)
        for beginning in word.beginnings()
    ]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.place, w.word FROM unnest(%s::int[], %s::text[], %s::bool[]) AS a (place, beginning, known)"
            " CROSS JOIN LATERAL ("
            "   SELECT word FROM search_documentword d"
            "   WHERE d.word ~>=~ a.beginning AND d.word ~<~ (a.beginning || chr(1114111)) AND d.language = %s"
            "     AND (NOT a.known OR (NOT d.is_known AND length(a.beginning) > %s))"
            "   ORDER BY d.word LIMIT %s) w",
            [
                *map(list, zip(*asked, strict=True)),
                language,
                SHORTEST_OF_KNOWN,
                MOST_OF_A_BEGINNING,
            ],
        )
        found: dict[int, set[str]] = {}
        for place, word in cursor.fetchall():
            found.setdefault(place, set()).update((word, f"+{word}"))
    return found


def _where(
    clauses: Sequence[_Clause], tier: int, language: str, filters: Filters
) -> tuple[str, list[Any]]:
    sql = ["language = %s"]
    values: list[Any] = [language]
    for clause in clauses:
        sql.append("keys && %s::text[]")
        values.append(clause.tier(tier))
    for column, value in (("kind", filters.kind),):
        if value:
            sql.append(f"{column} = %s")
            values.append(value)
    for column, value in (
        ("groups", filters.group),
        ("services", filters.service),
        ("places", filters.place),
    ):
        if value:
            sql.append(f"%s = ANY({column})")
            values.append(value)
    return " AND ".join(sql), values


def _count(
    clauses: Sequence[_Clause], language: str, filters: Filters
) -> tuple[dict[str, dict[str, int]], int]:
    """Return how many documents of each kind, group, service and place there are, and all; one statement."""
    where, values = _where(clauses, TIERS - 1, language, filters)
    inner = f'SELECT kind, "groups", services, places FROM search_document WHERE {where} LIMIT %s'  # noqa: S608 -- our own columns
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT kind, "groups", services, places, count(*) FROM ({inner}) f GROUP BY 1, 2, 3, 4',  # noqa: S608 -- only our own pieces of SQL are put together; values are parameters
            [*values, MOST_COUNTED + 1],
        )
        rows = cursor.fetchall()
    facets: dict[str, Counter[str]] = {
        name: Counter() for name in ("kind", "group", "service", "place")
    }
    for kind, groups, services, places, count in rows:
        facets["kind"][kind] += count
        for name, codes in (("group", groups), ("service", services), ("place", places)):
            for code in codes:
                facets[name][code] += count
    total = sum(row[-1] for row in rows)
    return {name: dict(sorted(found.items())) for name, found in facets.items()}, total


def _page(
    clauses: Sequence[_Clause], language: str, filters: Filters, number: int, total: int
) -> list[tuple[Any, ...]]:
    """Return one page of documents, the best tier first."""
    first, upto = (number - 1) * A_PAGE, number * A_PAGE
    ranked: dict[int, int] = {}
    if total <= FEW:
        ranked = dict(_few(clauses, language, filters))
    else:  # many: the better tiers are small, and mostly fill the page
        for tier in range(TIERS):
            for pk in _of_tier(clauses, tier, language, filters, upto):
                ranked.setdefault(pk, tier)
            if len(ranked) >= upto:
                break
    wanted = list(ranked)[first:upto]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, object_id, title, url, body, everyday FROM search_document WHERE id = ANY(%s)",
            [wanted],
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [(*found[pk], ranked[pk]) for pk in wanted if pk in found]


def _few(clauses: Sequence[_Clause], language: str, filters: Filters) -> list[tuple[int, int]]:
    """Return all hits with their tiers, best first; one statement."""
    where, values = _where(clauses, TIERS - 1, language, filters)
    cases, keys = [], []
    for tier in range(TIERS - 1):
        cases.append(" AND ".join(["keys && %s::text[]"] * len(clauses)) + f" THEN {tier}")
        keys += [clause.tier(tier) for clause in clauses]
    sql = f"SELECT id, CASE WHEN {' WHEN '.join(cases)} ELSE {TIERS - 1} END AS tier FROM search_document WHERE {where} ORDER BY tier, weight, id"  # noqa: E501, S608 -- one statement, of our own pieces; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys, *values])
        return cursor.fetchall()


def _of_tier(
    clauses: Sequence[_Clause], tier: int, language: str, filters: Filters, upto: int
) -> list[int]:
    """Return the first hits of ``tier`` or better among as many as are counted; one statement."""
    where, values = _where(clauses, tier, language, filters)
    inner = f"SELECT id, weight FROM search_document WHERE {where} LIMIT %s"  # noqa: S608 -- only our own pieces of SQL are put together; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({inner}) f ORDER BY weight, id LIMIT %s",  # noqa: S608 -- only our own pieces of SQL are put together; values are parameters
            [*values, MOST_COUNTED, upto],
        )
        return [pk for (pk,) in cursor.fetchall()]
