"""Reading of personal data is noted where it leaves a model, by the fields themselves: no view can forget it.

A model that declares ``personal`` also says ``whose``: the lookup that leads from its row to the account of the
person whom it tells of, "" where that person has no account, None where only its writer can open it. Why it is
done this way: ``docs/decisions/0013-readings.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

from luukku.audit.models import AccessLog, ReaderAs
from luukku.core.compiled import once, with_keys
from luukku.core.fields import field_of
from luukku.core.personal import DataClass
from luukku.core.reading import Readings, is_collecting, report

NOBODY = 0  # stands in the access log for somebody without an account
NOTED = {DataClass.CONTACT, DataClass.SPECIAL}


class NotNoted(RuntimeError):
    """A column of personal data is selected by itself, so that nobody could tell whose it is."""


class Attribute(Protocol):
    """How Django reads a field of an object."""

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any: ...


class Reported:
    """An attribute of a model that reports when something is read from it."""

    def __init__(self, inner: Attribute, name: str, attname: str) -> None:
        self.inner, self.name, self.attname = inner, name, attname

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> object:
        """Return the value and report the reading; an empty value tells nothing."""
        value = self.inner.__get__(instance, owner)
        if instance is not None and value and instance.pk is not None:
            report(type(instance), instance.pk, self.name)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        if hasattr(self.inner, "__set__"):
            self.inner.__set__(instance, value)
        else:
            instance.__dict__[self.attname] = value


def install() -> None:
    """Let every personal field of contact or special data report; called once when all models are there."""
    for model in apps.get_models():
        for name, declared in getattr(model, "personal", {}).items():
            if declared.data_class not in NOTED:
                continue
            if not hasattr(model, "whose"):
                raise ImproperlyConfigured(f"{model.__name__}.{name} is personal: say whose it is.")
            if model.whose is not None:
                _report(model, field_of(model, name))


def _report(model: type[models.Model], field: models.Field[Any, Any]) -> None:
    for attribute in {field.name, field.attname}:
        setattr(model, attribute, Reported(getattr(model, attribute), field.name, attribute))
    if field.is_relation:  # its columns are selected in the name of what it points to
        plain_col = field.get_col

        def get_col(alias: str, output_field: models.Field[Any, Any] | None = None) -> Col:
            col = plain_col(alias, output_field)
            _replace(col, "select_format", _refusing(col.select_format, field))
            return col

        _replace(field, "get_col", get_col)
    else:
        _replace(field, "select_format", _refusing(field.select_format, field))


def _replace(one: Col | models.Field[Any, Any], hook: str, by: Callable[..., Any]) -> None:
    """Let this one answer ``hook`` by ``by``; its class stays as Django has it."""
    setattr(one, hook, by)


def _refusing(plain: Callable[..., Any], field: models.Field[Any, Any]) -> Callable[..., Any]:
    """Return ``plain``, Django's hook for a selected column, that refuses one selected without its object."""

    def select_format(compiler: SQLCompiler, sql: str, params: object) -> object:
        query = compiler.query
        is_alone = not query.default_cols or any(
            getattr(one, "output_field", None) is field for one in query.annotation_select.values()
        )
        if is_alone and not query.subquery and is_collecting():
            raise NotNoted(f"{field}: read the object, or say ``core.reading.unseen``.")
        return plain(compiler, sql, params)

    return select_format


def note(
    readings: Readings,
    *,
    reader_id: int,
    reader_as: ReaderAs | str = "",
    organisation_id: int | None = None,
    why: str,
    at: datetime,
) -> int:
    """Write down what ``reader_id`` was shown of others; return how many rows: one for each kind of reading.

    A kind is a set of fields: a list of thirty names is one row with thirty people, and one person stands in
    one row. Reading one's own data is not noted, nor what a visitor without an account typed themselves.

    Args:
        reader_as: the role in which it was shown.
        organisation_id: in whose name, where that is a role in an organisation.
    """
    of_people: dict[int, set[str]] = defaultdict(set)
    of_nobody: dict[str, set[str]] = {}
    owners = _owners(readings)
    for (model, key), fields in readings.seen.items():
        label = model._meta.label_lower
        whose = owners.get((model, key))
        if whose is None:
            of_nobody[f"{label} {key}"] = {f"{label}.{name}" for name in fields}
        elif whose != reader_id:
            of_people[whose] |= {f"{label}.{name}" for name in fields}
    kinds: dict[str, tuple[set[int], list[str]]] = defaultdict(lambda: (set(), []))
    for person, names in of_people.items():
        kinds[" ".join(sorted(names))][0].add(person)
    for record, names in of_nobody.items() if reader_id != NOBODY else ():
        people, records = kinds[" ".join(sorted(names))]
        people.add(NOBODY)
        records.append(record)
    rows = [
        AccessLog(
            at=at,
            reader_id=reader_id,
            reader_as=reader_as,
            organisation_id=organisation_id,
            person_ids=sorted(people),
            what=what,
            why=why[:200],
            records=sorted(records),
        )
        for what, (people, records) in sorted(kinds.items())
    ]
    return len(AccessLog.objects.bulk_create(rows))


def _owners(readings: Readings) -> dict[tuple[type[models.Model], int], int | None]:
    """Return the account of each object read: one query for each model that does not know it by itself."""
    keys: dict[type[models.Model], list[int]] = defaultdict(list)
    for model, key in readings.seen:
        keys[model].append(key)
    owners: dict[tuple[type[models.Model], int], int | None] = {}
    for model, objects in keys.items():
        lookup: str | None = getattr(model, "whose", None)
        if lookup == "pk":
            owners |= {(model, key): key for key in objects}
        elif lookup:
            owners |= {(model, key): whose for key, whose in _whose(model)(keys=objects)}
    return owners


@cache
def _whose(model: Any) -> Callable[..., list[tuple[Any, ...]]]:
    rows: models.QuerySet[Any] = model._base_manager.filter(with_keys())
    return once(lambda: rows.values_list("pk", model.whose))
