"""Remembering what was done; who looked is noted in ``reading``."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, models

from luukku.audit.models import AuditEvent
from luukku.core.person import Person


def record(
    act: str,
    *,
    by: Person,
    about: models.Model,
    at: datetime,
    on_behalf_of: Person | None = None,
    data: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Remember that ``by`` did ``act`` to ``about``; ``data`` holds ids, states and numbers only."""
    return AuditEvent.objects.create(
        at=at,
        act=act,
        actor_id=by.pk,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
        object_type=about._meta.label_lower,
        object_id=str(about.pk),
        data=data or {},
    )


def record_all(
    act: str,
    *,
    by: Person,
    about: Iterable[tuple[models.Model, Mapping[str, object]]],
    at: datetime,
) -> None:
    """Remember that ``by`` did ``act`` to each of ``about``, with its own data; in one query."""
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                at=at,
                act=act,
                actor_id=by.pk,
                object_type=row._meta.label_lower,
                object_id=str(row.pk),
                data=data,
            )
            for row, data in about
        ]
    )


def forget_readings() -> int:
    """Delete the notes of readings that are over two years old by the database's clock; return how many.

    The application has no right to delete them: a function of the tables' owner does this and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget_readings()")
        return cursor.fetchone()[0]
