"""Queries that are built and compiled once in a process, and then asked again and again with other values.

Building a query and putting it into SQL takes longer than the database needs to answer it. A page that asks many
small questions each time asks them so, all in one round. ``docs/decisions/0040-compiled-queries.md`` tells why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Expression,
    F,
    Field,
    Lookup,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncDate
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from luukku.core.times import HELSINKI


class Given(Expression):
    """Stands in a query for a value that is given each time it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return a place for the value, marked as this one's."""
        return "%s", (self,)


AT, KEYS = Given("at", DateTimeField()), Given("keys", ArrayField(BigIntegerField()))
Instant = datetime | Expression  # one that is known, or as it stands in a query


def day_at(at: Instant) -> Expression:
    """Return the day that calendars in Helsinki show at ``at``, as it stands in a query."""
    return TruncDate(Value(at) if isinstance(at, datetime) else at, tzinfo=HELSINKI)


class OneOf(Lookup):
    """Whether the left side is in the array that is given."""

    lookup_name = "one_of"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the comparison; an array is one value, however many there are in it."""
        left, values = self.process_lhs(compiler, connection)
        right, others = compiler.compile(self.rhs)
        return f"{left} = ANY({right})", (*values, *others)


def with_keys(name: str = "pk") -> OneOf:
    """Return what tells the rows whose field ``name`` is one of the ``keys`` to be given."""
    return OneOf(F(name), KEYS)


@dataclass(frozen=True)
class Compiled:
    """The SQL of a query, and its values: known ones and those to be ``Given``; no SQL where it finds nothing ever.

    Attributes:
        is_kept: whether the database keeps it with its plan; else it plans for the values of each asking.
    """

    sql: str
    values: tuple[Any, ...] = ()
    is_kept: bool = True

    def __hash__(self) -> int:
        """Return a number by which a connection finds its name of the query."""
        return hash(self.sql)

    @cached_property
    def given(self) -> dict[str, str]:
        """The names of what is to be given, each with its type in the database."""
        places = (value for value in self.values if isinstance(value, Given))
        return {place.name: str(place.output_field.db_type(connection)) for place in places}

    def prepare(self, name: str) -> tuple[str, list[Any]]:
        """Return what has the database keep this query under ``name``, and the known values in it."""
        numbers = {given: f"${n}" for n, given in enumerate(self.given, 1)}
        places = (numbers[one.name] if isinstance(one, Given) else "%s" for one in self.values)
        sql = self.sql.replace("%%", "%%%%") % tuple(places)
        types = f" ({', '.join(self.given.values())})" if self.given else ""
        known = [value for value in self.values if not isinstance(value, Given)]
        return f"PREPARE {name}{types} AS {sql}", known

    def execute(self, name: str | None, given: Mapping[str, object]) -> tuple[str, list[Any]]:
        """Return what asks the query, by the ``name`` under which the database keeps it if it does; and its values."""
        if name is None:
            values = (given[one.name] if isinstance(one, Given) else one for one in self.values)
            return self.sql, list(values)
        places = f" ({', '.join('%s' for _name in self.given)})" if self.given else ""
        return f"EXECUTE {name}{places}", [given[name] for name in self.given]


def compiled(rows: QuerySet[Any, tuple[Any, ...]], *, is_kept: bool = True) -> Compiled:
    """Return ``rows`` compiled: what of the columns comes from the database as it is must be enough.

    Raises:
        ValueError: a day or an instant stands in it, which would stay that of the first asking.
    """
    return _compiled_by(rows.query.get_compiler(connection=connection), is_kept=is_kept)


def _compiled_by(compiler: SQLCompiler, *, is_kept: bool = True) -> Compiled:
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return Compiled("")
    if any(isinstance(value, date) for value in values):
        raise ValueError(f"Give the day or instant in a compiled query: {sql}")
    return Compiled(sql, tuple(values), is_kept)


def ask(queries: Sequence[tuple[Compiled, Mapping[str, object]]]) -> list[list[tuple[Any, ...]]]:
    """Return the rows of each of ``queries``, with the values that are given to it; all are asked in one round.

    A connection that asks a query again has the database keep it, so that it is read and planned no more.
    """
    there = [one for one in queries if one[0].sql]
    answers: list[list[tuple[Any, ...]]] = [[] for _query in queries]
    if not there:
        return answers
    with connection.cursor() as cursor:
        kept = _kept_by(connection)
        new = kept.names_for({query: None for query, _given in there})
        parts = [query.prepare(name) for query, name in new.items()]
        parts += [
            query.execute(new.get(query) or kept.names.get(query), given) for query, given in there
        ]
        values = [value for _sql, of_part in parts for value in of_part]
        cursor.execute(";\n".join(sql for sql, _values in parts), values)
        kept.names |= new
        for _prepared in new:
            cursor.nextset()
        for n, (query, _given) in enumerate(queries):
            if query.sql:
                answers[n] = cursor.fetchall()
                cursor.nextset()
    return answers


class _Prepared:
    """What a connection's database keeps: the name of each query."""

    def __init__(self) -> None:
        self.names: dict[Compiled, str] = {}
        self.numbers = count(1)

    def names_for(self, queries: Iterable[Compiled]) -> dict[Compiled, str]:
        """Return a name for each of ``queries`` that is not kept yet; none is ever given twice, whatever fails."""
        return {
            query: f"kept_{next(self.numbers)}"
            for query in queries
            if query.is_kept and query not in self.names
        }


_PREPARED: WeakKeyDictionary[Any, _Prepared] = WeakKeyDictionary()


def _kept_by(connection: BaseDatabaseWrapper) -> _Prepared:
    return _PREPARED.setdefault(connection.connection, _Prepared())


def once(
    build: Callable[[], QuerySet[Any, tuple[Any, ...]]],
) -> Callable[..., list[tuple[Any, ...]]]:
    """Return what asks the query that ``build`` returns, compiled at its first asking; its values are given by name."""
    query = cache(lambda: compiled(build()))
    return lambda **given: ask([(query(), given)])[0]


M = TypeVar("M", bound=Model)


def objects_once(build: Callable[[], QuerySet[M]]) -> Callable[..., list[M]]:
    """Return what asks for the objects of a query, compiled at its first asking; its values are given by name.

    They are made as Django makes them, so that what is read of them is noted; only the SQL is not made again. What the
    query prefetches is asked each time as ever.
    """
    kept = cache(lambda: _Kept(build()))
    return lambda **given: kept().objects(given)


class _Kept:
    """A query for objects and the compiler that knows which of its columns is what."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(connection=connection)
        self.compiled = _compiled_by(self.compiler)

    def objects(self, given: Mapping[str, object]) -> list[Any]:
        """Return the objects."""
        if not self.compiled.sql:
            return []
        again = copy(self.compiler)
        again.connection = connection
        _replace(again, "execute_sql", lambda **_how: ask([(self.compiled, given)]))
        rows = self.rows.all()
        _replace(rows.query, "get_compiler", lambda **_using: again)
        return list(rows)


def _replace(one: SQLCompiler | Query, name: str, by: Callable[..., Any]) -> None:
    """Let this one answer ``name`` by ``by``; its class stays as Django has it."""
    setattr(one, name, by)
