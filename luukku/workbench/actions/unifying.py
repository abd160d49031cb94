"""What making two accounts one and making two organisations one have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.db import models

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.workbench.models import Joined, Merged
from luukku.workbench.queries.unifying import rows_named

U = TypeVar("U", Joined, Merged)


def point(
    name: str, old: models.Model, new: models.Model, *, only: Mapping[str, list[int]] | None = None
) -> list[int]:
    """Point the rows ``name`` of ``old``, of those with the keys ``only``, at ``new``; return their keys.

    A row that would stand twice then, such as a role that both have or a unit of one name, stays where it is.
    """
    rows, field = rows_named(name)
    mine = rows.filter(**{field: old})
    if only is not None:
        mine = mine.filter(pk__in=only.get(name, []))
    for rule in rows.model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and field in rule.fields:
            others = {one: models.OuterRef(one) for one in rule.fields if one != field}
            when = rule.condition or models.Q()
            twin = rows.filter(when, **{field: new}, **others)
            mine = mine.exclude(when & models.Exists(twin))
    locked = mine.order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = list(locked.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(**{field: new})
    return keys


def lock_holding(row: U, *, gone_on: type[Refused]) -> U | None:
    """Return what was made one, locked until the transaction ends; None where it has been taken back.

    Raises:
        gone_on: ``into`` has been made one with a third since.
    """
    rows = type(row)._default_manager
    locked = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.taken_back_at is not None:
        return None
    if rows.filter(taken_back_at=None, double=locked.into_id).exists():
        raise gone_on
    return locked


def note_taken_back(row: Joined | Merged, *, by: User, at: datetime) -> None:
    """Write down that the two are two again."""
    row.taken_back_by, row.taken_back_at = by, at
    row.save(update_fields=["taken_back_by", "taken_back_at"])
