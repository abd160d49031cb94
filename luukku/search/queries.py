"""Finding: documents by their keys, open calls and expert cards by what the question's words stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.matching.models import Supply
from luukku.orders.models import Mode, Order, OrderTheme
from luukku.orders.queries import calls_to_come
from luukku.search import finnish
from luukku.search.keys import EVERYDAY, THEME, TITLE, Asked, asked_words, lexemes
from luukku.search.models import DocumentName, Miss, NameOf
from luukku.taxonomy.models import Language, TaskType, Theme

A_PAGE = 20
MOST_COUNTED = 1000  # beyond, facets say nothing of how many
FEW = 100  # so many are ranked by one statement
MOST_OF_A_BEGINNING = 60
SHORTEST_OF_KNOWN = (
    4  # a word that the analyser knows reaches unknown longer ones only from five letters
)
TIERS = 4


@dataclass(frozen=True)
class Filters:
    """What the visitor has narrowed the results to."""

    kind: str = ""
    group: str = ""
    service: str = ""
    place: str = ""


@dataclass(frozen=True)
class Meaning:
    """A name that words of the question answer."""

    what: NameOf
    code: str
    label: str
    places: frozenset[int]  # of the words in the question
    leads_to: str = ""  # the theme's name, when an everyday word led to it
    keys: frozenset[str] = frozenset()  # what else then answers those words


@dataclass(frozen=True)
class Stands:
    """What the question's words stand for."""

    meanings: tuple[Meaning, ...]

    def of(self, what: NameOf) -> list[str]:
        """Return the codes of ``what``; everyday words count as their themes."""
        whats = {what, NameOf.SYNONYM} if what == NameOf.THEME else {what}
        return list(dict.fromkeys(m.code for m in self.meanings if m.what in whats))

    def places(self, *whats: NameOf) -> set[int]:
        """Return where in the question words stand that name one of ``whats``."""
        return set().union(*(m.places for m in self.meanings if m.what in whats))

    def via(self, words: Sequence[Asked]) -> list[tuple[str, str]]:
        """Return the everyday words as they were typed, and the themes that they lead to."""
        named = {m.code for m in self.meanings if m.what == NameOf.THEME}
        found = {
            m.leads_to: " ".join(words[place].text for place in sorted(m.places))
            for m in self.meanings
            if m.what == NameOf.SYNONYM and m.code not in named
        }
        return [(typed, theme) for theme, typed in found.items()]


@dataclass(frozen=True)
class Hit:
    """One result."""

    kind: str
    object_id: str
    title: str
    url: str
    snippet: SafeString
    marked_title: SafeString
    via: str = ""  # the everyday word that led here
    tier: int = 0  # 0 the whole word in the title … 3 by a part, a relative or a beginning
    matched: tuple[str, ...] = ()  # the words that answered, as they stand


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
    return Results(
        question=question,
        words=tuple(words),
        stands=stands,
        hits=tuple(_hits(rows, words, clauses, stands, language)),
        total=min(total, MOST_COUNTED),
        is_more=total > MOST_COUNTED,
        is_any_word=is_any,
        facets=facets,
        number=number,
    )


# -- What the words stand for --------------------------------------------------------------------


def what_words_stand_for(words: Sequence[Asked], language: str) -> Stands:
    """Return the themes, task types, places and languages that the words name, in whatever case; one query."""
    asked = [_naming_keys(word) for word in words]
    every = sorted(set().union(*asked))
    if not every:
        return Stands(())
    names = DocumentName.objects.filter(
        Q(language=language) | Q(of=NameOf.MUNICIPALITY), keys__overlap=every
    )
    meanings = []
    for name in names.order_by("pk"):
        places = _places(name.words, asked)
        if places:
            meanings.append(
                Meaning(
                    NameOf(name.of),
                    name.code,
                    name.label,
                    frozenset(places),
                    name.leads_to,
                    frozenset(name.leads_to_keys),
                )
            )
    return Stands(tuple(_widest(meanings)))


def _naming_keys(word: Asked) -> set[str]:
    """Return a word's keys without those that reach compounds: "ongelma" names no "päihdeongelma"."""
    return set(word.bases) | {key for key in word.keys if key.startswith("~")}


def _places(name: Sequence[Sequence[str]], asked: Sequence[set[str]]) -> set[int]:
    """Return where in the question each word of a name stands; nothing when one is missing."""
    places = set()
    for keys in name:
        found = next((place for place, word in enumerate(asked) if not word.isdisjoint(keys)), None)
        if found is None:
            return set()
        places.add(found)
    return places


def _widest(meanings: Sequence[Meaning]) -> list[Meaning]:
    """Leave out what a longer name explains: "psyykkinen sairaus" is not also "sairaus"."""
    return [m for m in meanings if not any(m.places < other.places for other in meanings)]


# -- Documents -----------------------------------------------------------------------------------


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
) -> tuple[str, list[object]]:
    sql, values = ["language = %s"], [language]
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
            f'SELECT kind, "groups", services, places, count(*) FROM ({inner}) f GROUP BY 1, 2, 3, 4',  # noqa: S608
            [*values, MOST_COUNTED + 1],
        )
        rows = cursor.fetchall()
    facets = {name: Counter() for name in ("kind", "group", "service", "place")}
    for kind, groups, services, places, count in rows:
        facets["kind"][kind] += count
        for name, codes in (("group", groups), ("service", services), ("place", places)):
            for code in codes:
                facets[name][code] += count
    total = sum(row[-1] for row in rows)
    return {name: dict(sorted(found.items())) for name, found in facets.items()}, total


def _page(
    clauses: Sequence[_Clause], language: str, filters: Filters, number: int, total: int
) -> list[tuple[object, ...]]:
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
    sql = f"SELECT id, CASE WHEN {' WHEN '.join(cases)} ELSE {TIERS - 1} END AS tier FROM search_document WHERE {where} ORDER BY tier, weight, id"  # noqa: E501, S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys, *values])
        return cursor.fetchall()


def _of_tier(
    clauses: Sequence[_Clause], tier: int, language: str, filters: Filters, upto: int
) -> list[int]:
    """Return the first hits of ``tier`` or better among as many as are counted; one statement."""
    where, values = _where(clauses, tier, language, filters)
    inner = f"SELECT id, weight FROM search_document WHERE {where} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({inner}) f ORDER BY weight, id LIMIT %s",  # noqa: S608
            [*values, MOST_COUNTED, upto],
        )
        return [pk for (pk,) in cursor.fetchall()]


# -- What is shown of a document -----------------------------------------------------------------

SNIPPET = 220


def _hits(
    rows: Sequence[tuple[object, ...]],
    words: Sequence[Asked],
    clauses: Sequence[_Clause],
    stands: Stands,
    language: str,
) -> list[Hit]:
    wanted = frozenset().union(*(clause.keys for clause in clauses)) if clauses else frozenset()
    leads = stands.via(words)
    own = frozenset().union(*(word.keys for word in words))
    hits = []
    for kind, object_id, title, url, body, everyday, tier in rows:
        marked_title, in_title = _marked(title, wanted, language)
        text = everyday if kind == "theme" else body
        snippet, in_text = _snippet(text, wanted, language)
        via = ""
        if leads and not _marked(f"{title}\n{text}", own, language)[1]:
            via = " · ".join(f"{word} → {theme}" for word, theme in leads)
        hits.append(
            Hit(
                kind, object_id, title, url, snippet, marked_title, via, tier,
                tuple(dict.fromkeys([*in_title, *in_text])),
            )
        )  # fmt: skip
    return hits


def _spans(text: str, wanted: frozenset[str], language: str) -> list[tuple[int, int]]:
    """Return where the words of ``text`` stand that answer ``wanted``."""
    if language == "fi":
        spans = []
        for match, case in finnish.matches_in(text):
            if not wanted.isdisjoint(finnish.word(match[0].strip("-"), case).stored()):
                spans.append(match.span())
        return spans
    spoken = list(finnish.matches_in(text))
    stems = lexemes([match[0].lower() for match, _case in spoken], language)
    return [
        match.span()
        for (match, _case), found in zip(spoken, stems, strict=True)
        if not wanted.isdisjoint(found)
    ]


def _marked(text: str, wanted: frozenset[str], language: str) -> tuple[SafeString, list[str]]:
    """Return ``text`` escaped, with the words that answer marked, and those words."""
    return _mark(text, _spans(text, wanted, language), 0, len(text))


def _mark(
    text: str, spans: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[SafeString, list[str]]:
    parts, at, found = [], start, []
    for first, last in spans:
        if first >= start and last <= end:
            parts += [escape(text[at:first]), f"<mark>{escape(text[first:last])}</mark>"]
            found.append(text[first:last])
            at = last
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts)), found  # noqa: S308 -- each part is escaped


def _snippet(text: str, wanted: frozenset[str], language: str) -> tuple[SafeString, list[str]]:
    """Return a stretch of ``text`` around the first word that answers, marked and escaped."""
    spans = _spans(text, wanted, language)
    start = max(0, spans[0][0] - SNIPPET // 3) if spans else 0
    if start:
        start = text.rfind(" ", 0, start) + 1
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    marked, found = _mark(text, spans, start, end)
    snippet = f"{'… ' if start else ''}{marked}{' …' if end < len(text) else ''}"
    return mark_safe(snippet), found  # noqa: S308 -- what is marked is escaped


# -- Nothing found -------------------------------------------------------------------------------


def suggestions(question: str, *, language: str, limit: int = 3) -> list[str]:
    """Return words of the index that look like the question's: did you mean?"""
    words = [word.text for word in asked_words(question, language) if len(word.text) > 2]
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.word FROM unnest(%s::text[]) WITH ORDINALITY AS a (typed, n)"
            " CROSS JOIN LATERAL ("
            "   SELECT word, similarity(word, typed) AS likeness FROM search_documentword"
            "   WHERE word %% typed AND language = %s AND word <> typed"
            "   ORDER BY likeness DESC, length(word), word LIMIT %s) w"
            " ORDER BY w.likeness DESC, a.n, w.word LIMIT %s",
            [words, language, limit, limit],
        )
        return [word for (word,) in cursor.fetchall()]


# -- Open calls and expert cards ------------------------------------------------------------------

# Trainings join here when they exist: found like calls, by what their words stand for.
GENERIC = frozenset({
    "kokemusasiantuntija", "kokemustoimija", "kokemusosaaja", "asiantuntija", "ihminen", "tehtävä", "keikka",
    "avoin", "kutsu", "erfarenhetsexpert", "expert", "uppdrag", "task", "call", "open", "experi",
})  # fmt: skip


@dataclass(frozen=True)
class CallQuery:
    """Open calls that fit the question; whether its themes had to be left out."""

    orders: QuerySet[Order]
    leaves_themes_out: bool


def calls(results: Results, *, viewer: User | AnonymousUser, at: datetime) -> CallQuery | None:
    """Return the open calls that fit by what ``viewer`` may see of them; None when no word speaks of that.

    Themes of calls are not public: only who may see them finds by them.
    """
    stands = results.stands
    by = (NameOf.TASK_TYPE, NameOf.MUNICIPALITY, NameOf.REMOTE)
    sees_themes = viewer.has_perm("search.view_themes_of_calls")
    if sees_themes:
        by = (*by, NameOf.THEME, NameOf.SYNONYM)
    if not stands.places(*by):
        return None
    orders = calls_to_come(at=at)
    if stands.of(NameOf.TASK_TYPE):
        orders = orders.filter(task_type__code__in=stands.of(NameOf.TASK_TYPE))
    if stands.of(NameOf.MUNICIPALITY):
        orders = orders.filter(municipality__in=stands.of(NameOf.MUNICIPALITY)).exclude(
            mode=Mode.REMOTE
        )
    if stands.of(NameOf.REMOTE):
        orders = orders.exclude(mode=Mode.PLACE)
    if sees_themes and stands.of(NameOf.THEME):
        of_theme = OrderTheme.objects.filter(theme__code__in=stands.of(NameOf.THEME))
        orders = orders.filter(pk__in=of_theme.values("order"))
    return CallQuery(orders, bool(_unexplained(results, *by)))


def _unexplained(results: Results, *whats: NameOf) -> list[Asked]:
    places = results.stands.places(*whats)
    return [
        word
        for place, word in enumerate(results.words)
        if place not in places and not set(word.bases) & GENERIC
    ]


@dataclass(frozen=True)
class ExpertQuery:
    """Experts whose cards answer the question, and the themes that the cards show."""

    experts: QuerySet[Expert]
    theme_ids: tuple[int, ...]


def experts(results: Results, *, viewer: User | AnonymousUser, at: datetime) -> ExpertQuery | None:
    """Return experts found by theme, place, task type, language and remote; None for who may not see cards.

    A place that an expert does not show does not find them either.
    """
    if not viewer.has_perm("search.find_experts"):
        return None
    stands = results.stands
    by = (
        NameOf.THEME, NameOf.SYNONYM, NameOf.TASK_TYPE, NameOf.MUNICIPALITY, NameOf.LANGUAGE, NameOf.REMOTE,
    )  # fmt: skip
    if not stands.places(*by) or _unexplained(results, *by):
        return None
    theme_ids = tuple(
        Theme.objects.filter(code__in=stands.of(NameOf.THEME))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    task_types = TaskType.objects.filter(code__in=stands.of(NameOf.TASK_TYPE))
    languages = Language.objects.filter(code__in=stands.of(NameOf.LANGUAGE))
    rows = Supply.objects.filter(theme__in=theme_ids or (0,))
    if stands.of(NameOf.REMOTE):
        rows = rows.filter(is_remote_ok=True)
    for column, things in (("task_types", task_types), ("languages", languages)):
        mask = (
            sum(1 << bit for bit in things.values_list("bit", flat=True))
            if _asks(stands, column)
            else 0
        )
        if mask:
            rows = rows.alias(**{f"{column}_held": F(column).bitand(mask)}).exclude(
                **{f"{column}_held": 0}
            )
    today = helsinki(at).date()
    found = Expert.objects.active().filter(pk__in=rows.values("expert"))
    found = found.exclude(Q(is_paused=True) & (Q(paused_until=None) | Q(paused_until__gte=today)))
    if stands.of(NameOf.MUNICIPALITY):
        found = found.filter(
            shows_municipality=True, municipality__in=stands.of(NameOf.MUNICIPALITY)
        )
    return ExpertQuery(found.order_by(in_finnish("code_name")), theme_ids)


def _asks(stands: Stands, column: str) -> bool:
    return bool(stands.of(NameOf.TASK_TYPE if column == "task_types" else NameOf.LANGUAGE))


# -- Wide reading -------------------------------------------------------------------------------

WIDE_DAYS = 30


@dataclass(frozen=True)
class Reads:
    """How many different cards one account has been shown by the search.

    Attributes:
        cards: different experts in ``WIDE_DAYS`` days.
        days: on how many days.
        most: the most on one day.
    """

    user_id: int
    cards: int
    days: int
    most: int


def who_reads_most(*, on: date, limit: int = 50, user_id: int | None = None) -> list[Reads]:
    """Return who has been shown the most different cards in the days up to ``on``, the most first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, count(DISTINCT expert), count(DISTINCT d.id), max(cardinality(expert_ids))"
            " FROM search_cardday d, unnest(expert_ids) expert"
            ' WHERE d."on" > %s AND d."on" <= %s AND (%s::bigint IS NULL OR user_id = %s)'
            " GROUP BY user_id ORDER BY 2 DESC, 1 LIMIT %s",
            [on - timedelta(days=WIDE_DAYS), on, user_id, user_id, limit],
        )
        return [Reads(*row) for row in cursor.fetchall()]


# -- Misses ---------------------------------------------------------------------------------------


def waiting_misses(*, limit: int = 200) -> QuerySet:
    """Return missed words that nobody has seen to, the most missed first, with how often and since when."""
    return (
        Miss.objects.waiting()
        .values("words", "language")
        .annotate(times=Sum("count"), first=Min("day"), last=Max("day"))
        .order_by("-times", "words", "language")[:limit]
    )
