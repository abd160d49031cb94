"""The document that ``load_spec`` takes: each app says in its ``spec.py`` what stands in its part, and makes it.

A part has a name, the schema of its rows and the steps that make one row by the same acts as people use. A higher
app may add to a lower one's part, properties and steps, by its name. ``luukku.config`` imports the files at start,
the lowest app first; ``docs/reference/spec.md`` explains the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DatabaseError, models

from luukku.core.refused import PartsMissing, Refused

Schema = dict[str, Any]
Row = dict[str, Any]

TEXT: Schema = {"type": "string"}
KEY: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {
    "type": "string",
    "description": "ISO 8601 with time zone, e.g. 2026-12-04T11:00:00Z",
}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
CLOCK: Schema = {"type": "string", "pattern": r"^\d{2}:\d{2}$"}
OF_KIND: dict[type[models.Field], Schema] = {
    models.BooleanField: FLAG,
    models.DateField: DAY,
    models.DecimalField: {"type": ["number", "string"]},
    models.IntegerField: {"type": "integer"},
    models.CharField: TEXT,
    models.TextField: TEXT,
}
REFUSALS = (
    PermissionDenied, ValidationError, Refused, ObjectDoesNotExist, DatabaseError, ValueError, ArithmeticError,
)  # fmt: skip
LONGEST = 300  # characters of a reason


# -- What a document looks like ------------------------------------------------------------------


def one_of(values: Iterable[str]) -> Schema:
    """Return the schema of one of ``values``."""
    return {"enum": sorted(map(str, values))}


def many(items: Schema) -> Schema:
    """Return the schema of a list of ``items``."""
    return {"type": "array", "items": items}


def of_field(model: type[models.Model], name: str) -> Schema:
    """Return the schema of what the field ``name`` of ``model`` holds, null where it may be.

    Raises:
        BadSpec: it is of a kind that no schema is known for.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise BadSpec(f"{name} is no field of {model.__name__}'s own.")
    if field.choices:
        return one_of([*([""] if field.blank else []), *(value for value, _label in field.choices)])
    for kind, schema in OF_KIND.items():
        if isinstance(field, kind):
            return schema | {"type": ["null", *as_list(schema["type"])]} if field.null else schema
    raise BadSpec(f"Say in core/document.py what {field} is in a document.")


def as_list(one_or_many: str | list[str]) -> list[str]:
    """Return the types that a schema names."""
    return [one_or_many] if isinstance(one_or_many, str) else one_or_many


def row(properties: Schema, *required: str) -> Schema:
    """Return the schema of an object that has no other properties than these."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def rows(properties: Schema, *required: str) -> Schema:
    """Return the schema of a list of such objects."""
    return many(row(properties, *required))


# -- Its parts -----------------------------------------------------------------------------------


class World:
    """What a document makes while it is loaded.

    Attributes:
        at: when it happens.
        made: the things of each part by their keys.
        told: what ``load_spec`` prints, by part.
        coordinator: who acts for the counter, once the people are made.
        at_end: what is done when everything is made, the last said first.
    """

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.made: dict[str, dict[str, Any]] = defaultdict(dict)
        self.told: dict[str, Any] = {}
        self.coordinator: Any = None
        self.at_end: list[Callable[[], None]] = []

    def when(self, row: Row, name: str, otherwise: datetime) -> datetime:
        """Return the instant that a row tells under ``name``."""
        return moment(row[name]) if name in row else otherwise

    def acting(self, person: Any, *, by_counter: bool = False) -> dict[str, Any]:
        """Return who acts for a person: they themselves, or the counter, as always where they have no e-mail."""
        if person.email and not by_counter:
            return {"by": person}
        return {"by": self.coordinator, "on_behalf_of": person}

    def author(self, row: Row) -> Any:
        """Return the person whom a row calls ``by``, or who acts for the counter."""
        return self.named("people", row["by"]) if "by" in row else self.coordinator

    def named(self, part: str, key: str) -> Any:
        """Return what ``part`` of the document has made under ``key``.

        Raises:
            BadSpec: there is none.
        """
        if key not in self.made[part]:
            raise BadSpec(f"There is nothing in {part} with the key {key!r} in the document.")
        return self.made[part][key]


@dataclass
class Part:
    """One list of the document.

    Attributes:
        needs: the parts that are made before.
        steps: what makes one row, one after the other.
        after: what is done once when all rows are made, also where there are none.
    """

    name: str
    schema: Schema
    needs: tuple[str, ...] = ()
    steps: list[Callable[[World, Row], None]] = field(default_factory=list)
    after: list[Callable[[World], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.name in PARTS:
            raise ValueError(f"Two parts are called {self.name}")
        PARTS[self.name] = self

    @property
    def properties(self) -> Schema:
        """What a row may hold: a higher app adds its own."""
        return self.schema["items"]["properties"]

    def step(self, make: Callable[[World, Row], None]) -> Callable[[World, Row], None]:
        """Have ``make`` called for each row, after the steps of lower apps."""
        self.steps.append(make)
        return make

    def load(self, world: World, document: Row) -> None:
        """Make every row.

        Raises:
            BadSpec: with the place and the reason.
        """
        keys = set()
        for n, one in enumerate(document.get(self.name, [])):
            with place(f"{self.name}/{n}"):
                if "key" in one and one["key"] in keys:
                    raise BadSpec(f"the key {one['key']!r} is used already.")
                keys.add(one.get("key"))
                for make in self.steps:
                    make(world, one)
        for do in self.after:
            do(world)


PARTS: dict[str, Part] = {}
# Why an expert is asked for an order at an instant: the app that makes offers asks, a higher one knows.
REASONS: list[Callable[[Any, Any, datetime], Iterable[str]]] = []


def in_order() -> list[Part]:
    """Return the parts as they are made: each after those that it needs, else as they were found."""
    ordered: list[Part] = []
    left = list(PARTS.values())
    while left:
        done = {part.name for part in ordered}
        ready = next((part for part in left if done.issuperset(part.needs)), None)
        if ready is None:
            raise ValueError(f"These need each other, or a part that is not there: {left}")
        ordered.append(ready)
        left.remove(ready)
    return ordered


# -- What its words stand for, and how it is said that they stand for nothing ----------------------


class BadSpec(Exception):
    """The document does not follow the schema, names something that is not there, or asks the impossible."""


@contextmanager
def place(name: str) -> Iterator[None]:
    """Say where in the document something was refused, and why."""
    try:
        yield
    except BadSpec as error:
        raise BadSpec(f"{name}: {error}") from error
    except PartsMissing as error:
        raise BadSpec(f"{name}: something is missing: {error}") from error
    except REFUSALS as error:
        raise BadSpec(f"{name}: {type(error).__name__}: {sentence(error)}") from error


def sentence(error: object) -> str:
    """Return what was wrong in one line: of the database's words the first, never the row that it shows."""
    told = getattr(
        getattr(getattr(error, "__cause__", None), "diag", None), "message_primary", None
    )
    line = next(iter(str(told or error).strip().splitlines()), "")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


def coded(model: type[models.Model], code: str) -> Any:
    """Return the row of reference data with ``code``."""
    row = model._default_manager.filter(code=code).first()
    if row is None:
        raise BadSpec(f"There is no {model._meta.verbose_name} with the code {code!r}.")
    return row


def all_coded(model: type[models.Model], codes: Iterable[str]) -> list[Any]:
    """Return the rows of reference data with these codes, in this order, in one query."""
    codes = list(codes)
    by_code = {row.code: row for row in model._default_manager.filter(code__in=codes)}  # type: ignore[attr-defined]  # has one
    return [by_code[code] if code in by_code else coded(model, code) for code in codes]


def moment(text: str) -> datetime:
    """Read an instant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a time: {text!r}") from error
    if moment.tzinfo is None:
        raise BadSpec(f"The time zone is missing: {text!r}")
    return moment


def periods(rows: Iterable[Row]) -> list[tuple[datetime, datetime]]:
    """Read instants from and to."""
    return [(moment(one["starts_at"]), moment(one["ends_at"])) for one in rows]


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a day: {text!r}") from error


def clock(text: str) -> time:
    """Read a time of day; "24:00", the end of the day, is midnight."""
    try:
        return time.fromisoformat("00:00" if text == "24:00" else text)
    except ValueError as error:
        raise BadSpec(f"Not a time of day: {text!r}") from error
