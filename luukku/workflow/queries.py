"""What may be done now, and whether anything has changed."""

from __future__ import annotations

from django.db import connection, models
from rules import perm_exists

from luukku.core.person import Person
from luukku.workflow.models import Stateful
from luukku.workflow.states import ACTS


def may(act: str, obj: models.Model, user: Person) -> bool:
    """Return whether ``user`` may do ``act`` to ``obj`` as it stands: a rule says so, and its state allows it.

    Every button asks this; the act itself asks both once more, of the locked row.

    Raises:
        LookupError: no rule is called ``act``.
    """
    if not perm_exists(act):
        raise LookupError(f"No rule is called {act}")
    if isinstance(obj, Stateful) and act in ACTS and obj.state not in ACTS[act].sources:
        return False
    return user.has_perm(act, obj)


def change_token(*topics: str) -> str | None:
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
