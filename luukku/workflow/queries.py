"""Whether anything has changed."""

from __future__ import annotations

from django.db import connection


def stamp_of(*topics: str) -> str | None:
    """Return a text that is another one after every committed change to what ``topics`` name; one query.

    None while the own transaction has written: what only it sees is nothing to keep.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(token::text, ' ' ORDER BY token), pg_current_xact_id_if_assigned() IS NULL"
            " FROM workflow_change WHERE topic = ANY(%s)",
            [list(topics)],
        )
        tokens, is_clean = cursor.fetchone()
    return tokens or "" if is_clean else None
