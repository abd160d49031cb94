"""The order of names: as in a Finnish telephone book, å ä ö last, upper and lower case together.

PostgreSQL's own Finnish order (``fi-x-icu``) needs a build with ICU, and the embedded one has none. So names are
ordered by a key that says the same in every build: letters are folded, and å, ä and ö become what follows z.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Choices,
    F,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.db.models.lookups import Contains

from luukku.core.compiled import Given, OneOf
from luukku.core.text import parts_of

# Each pair: letters, and the one that they are ordered as. "{|}" are the three signs after z.
FOLDED = [
    ("ÅåǺǻ", "{"),
    ("ÄäÆæ", "|"),
    ("ÖöØøÕõŐőŒœ", "}"),
    ("ÁáÀàÂâÃãĀāĂăĄą", "a"),
    ("ÇçĆćČč", "c"),
    ("ÐðĐđĎď", "d"),
    ("ÉéÈèÊêËëĒēĖėĘęĚě", "e"),
    ("ĞğĢģ", "g"),
    ("ÍíÌìÎîÏïĪīĮįİı", "i"),
    ("Ķķ", "k"),
    ("ŁłĻļĽľ", "l"),
    ("ÑñŃńŅņŇňŊŋ", "n"),
    ("ÓóÒòÔôŌō", "o"),
    ("Řř", "r"),
    ("ŚśŠšŞşȘș", "s"),
    ("ŤťŢţŦŧȚț", "t"),
    ("ÚúÙùÛûŪūŮůŲų", "u"),
    ("ÝýÜüŰűŸÿ", "y"),
    ("ŹźŻżŽžƷʒ", "z"),
]
FROM = "".join(letters for letters, _as in FOLDED)
TO = "".join(as_ * len(letters) for letters, as_ in FOLDED)


LETTERS = TO.translate(str.maketrans("{|}", "aao"))
MOST_KEYS = 1000  # that a search looks up before the query that shows what it found
_PLAIN = str.maketrans(FROM, LETTERS)


def folded(text: Combinable) -> Func:
    """Return ``text`` for comparing names: case, accents (å ä ö, too), spaces and punctuation make no difference."""
    plain = Func(Lower(text), Value(FROM), Value(LETTERS), function="translate")
    return Func(
        plain, Value("[[:space:][:punct:]]+"), Value(""), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip


Words = str | Given  # known, or as they stand in a query


def has_words(words: Words, name: str) -> Q:
    """Return what tells the rows whose field ``name`` holds ``words``, compared as ``folded`` compares."""
    if isinstance(words, Given):
        return Q(Contains(folded(F(name)), folded(words)))
    if not any(sign.isalnum() for sign in words):
        return Q(pk=None)
    return Q(Contains(folded(F(name)), folded(Value(words))))


def folded_text(text: str) -> str:
    """Return ``text`` as ``folded`` makes it in SQL."""
    return "".join(sign for sign in text.lower().translate(_PLAIN) if sign.isalnum())


Keys = QuerySet[Any] | set[Any]
NONE: Keys = frozenset()  # type: ignore[assignment]  # read as a set, never changed


def any_of(parts: Sequence[QuerySet[Any]]) -> Keys:
    """Return the keys of what is in one of ``parts``: an index answers each, where it could not answer an "or".

    A part tells the rows themselves, or, as ``values``, their keys as another table has them.

    Few keys are asked for at once, so that whatever follows begins with them: the planner knows how many they are,
    and a count, a page and its links do not look for them again. More than ``MOST_KEYS`` stay a query.
    """
    keys = [key for (key,) in union_of(parts, every=True)[: MOST_KEYS + 1]]
    return set(keys) if len(keys) <= MOST_KEYS else union_of(parts)


def union_of(parts: Sequence[QuerySet[Any]], *, every: bool = False) -> QuerySet[Any]:
    """Return the query for the keys of what is in one of ``parts``; with ``every``, once for each that it is in."""
    first, *others = (
        part.order_by() if part.query.values_select else part.order_by().values_list("pk")
        for part in parts
    )
    return first.union(*others, all=every) if others else first


Rows = TypeVar("Rows", bound=QuerySet[Any])
# Other ways in which a part of what is looked for may be written, by the part.
Forms = Mapping[str, Sequence[str]]


def with_any(rows: Rows, parts: Sequence[QuerySet[Any]]) -> Rows:
    """Return those of ``rows`` that are in one of ``parts``, as ``any_of`` takes them."""
    return with_keys_of(rows, any_of(parts))


def with_keys_of(rows: Rows, keys: Keys) -> Rows:
    """Return those of ``rows`` that have one of ``keys``; ``is_common`` knows them if these are too many to list."""
    narrowed = rows.filter(among(keys))
    narrowed.query.is_common = not isinstance(keys, set)  # type: ignore[attr-defined]
    return narrowed


def with_common(rows: Rows, way: Q) -> Rows:
    """Return those of ``rows`` that ``way`` tells, which are known to be too many to list; ``is_common`` knows them."""
    narrowed = rows.filter(way)
    narrowed.query.is_common = True  # type: ignore[attr-defined]
    return narrowed


def among(keys: Keys | Given, name: str = "pk") -> Q:
    """Return what tells the rows whose field ``name`` is one of ``keys``; a thousand known numbers are one value."""
    if isinstance(keys, Given):
        return Q(OneOf(F(name), keys))
    if isinstance(keys, QuerySet) or not all(isinstance(key, int) for key in keys) or not keys:
        return Q(**{f"{name}__in": keys})
    return Q(OneOf(F(name), Value(sorted(keys), ArrayField(BigIntegerField()))))


def is_common(rows: QuerySet[Any]) -> bool:
    """Return whether ``rows`` are what ``with_any`` found of more than ``MOST_KEYS``: they are dear to count."""
    return getattr(rows.query, "is_common", False)


def numbers_by(rows: QuerySet[Any], name: str, *, most: int) -> dict[Any, int] | None:
    """Return how many of ``rows`` have each value of their field ``name``; None where they are more than ``most``."""
    some = rows.order_by().values_list(name)[: most + 1]
    try:
        sql, params = some.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT value, COUNT(*) FROM ({sql}) AS found(value) GROUP BY 1",  # noqa: S608 -- Django's own
            params,
        )
        numbers = dict(cursor.fetchall())
    return numbers if sum(numbers.values()) <= most else None


def with_each_part(
    rows: QuerySet[Any],
    words: str,
    find: Callable[[Any, str], QuerySet[Any]],
    *,
    forms: Forms | None = None,
) -> QuerySet[Any]:
    """Return the rows in which ``find`` finds each part of ``words``, one here, another there.

    Args:
        forms: of a part, what may stand in the row instead of it.
    """
    for part in parts_of(words):
        others = forms.get(part, ()) if forms else ()
        if others:
            ways = [find(rows.order_by(), form) for form in (part, *others)]
            rows = rows.filter(among(any_of(ways)))
        else:
            rows = find(rows, part)
    return rows


def in_finnish(name: str) -> Func:
    """Return what to order by, so that rows come in the Finnish order of their field ``name``."""
    return Func(
        Lower(F(name)), Value(FROM), Value(TO), function="translate", output_field=TextField()
    )


def by_surname(name: str) -> Func:
    """Return what to order people by, as a telephone book does: their field ``name`` by its last word, then whole."""
    turned = Func(
        F(name), Value(r"^(.*)\s(\S+)$"), Value(r"\2 \1"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    return Func(
        Lower(turned), Value(FROM), Value(TO), function="translate", output_field=TextField()
    )


def by_label(name: str, choices: type[Choices]) -> Case:
    """Return what to order by, so that rows come in the Finnish order of what their field ``name`` is called."""
    return by_labels((label, Q(**{name: value})) for value, label in choices.choices)


def by_labels(told: Iterable[tuple[object, Q]]) -> Case:
    """Return what to order by, so that rows come in the Finnish order of labels: pairs of one and whose it is."""
    turned = str.maketrans(FROM, TO)
    in_order = sorted(told, key=lambda pair: str(pair[0]).lower().translate(turned))
    return Case(*(When(whose, then=n) for n, (_label, whose) in enumerate(in_order)))
