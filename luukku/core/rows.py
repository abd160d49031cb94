"""Rows as the database holds them: looked at, and put back exactly so."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

Image = dict[str, Any]  # what JSON holds of each column


def images(rows: models.QuerySet) -> dict[int, Image]:
    """Return ``rows`` column by column, each by its key, locked until the transaction ends.

    What is encrypted stays encrypted, and an instant keeps its microseconds.
    """
    keys = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id, to_jsonb(t)::text FROM {_table(rows.model)} t WHERE t.id = ANY(%s)",  # noqa: S608 -- own names
            [keys],
        )
        return {key: json.loads(image) for key, image in cursor.fetchall()}


def put_back(model: type[models.Model], rows: Iterable[Image]) -> None:
    """Make each of ``rows`` stand in the table as it did when its image was taken; deleted ones are there again.

    Raises:
        IntegrityError: something that came later stands in the way.
    """
    rows = list(rows)
    if not rows:
        return
    there = set(
        model._base_manager.filter(pk__in=[row["id"] for row in rows]).values_list("pk", flat=True)
    )
    table = _table(model)
    names = [
        connection.ops.quote_name(field.column)
        for field in model._meta.local_concrete_fields
        if field.column and not field.generated
    ]
    columns, was = ", ".join(names), ", ".join(f"was.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns})"  # noqa: S608 -- own names
            f" SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)",
            [json.dumps([row for row in rows if row["id"] not in there])],
        )
        cursor.execute(
            f"UPDATE {table} t SET ({columns}) = (SELECT {was})"  # noqa: S608 -- own names
            f" FROM jsonb_populate_recordset(NULL::{table}, %s) was WHERE t.id = was.id",
            [json.dumps([row for row in rows if row["id"] in there])],
        )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
