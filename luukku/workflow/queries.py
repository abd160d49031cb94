"""What may be done now, and whether anything has changed."""

from __future__ import annotations

from django.db import connection, models
from rules import perm_exists

from luukku.core.person import Person
from luukku.workflow.models import Stateful
from luukku.workflow.states import ACTS


def is_allowed(perm: str, obj: models.Model, *, by: Person, on_behalf_of: Person | None) -> bool:
    """Return whether ``by`` has ``perm``, or writes down at the counter what somebody with it says.

    Only the counter speaks for another: a right of one's own is no right to another's name.
    """
    if on_behalf_of is None:
        return by.has_perm(perm, obj)
    return by.is_counter and (by.has_perm(perm, obj) or on_behalf_of.has_perm(perm, obj))


def may(act: str, obj: models.Model, user: Person, *, on_behalf_of: Person | None = None) -> bool:
    """Return whether ``user`` may do ``act`` to ``obj`` as it stands: a rule says so, and its state allows it.

    Every button asks this; the act itself asks both once more, of the locked row.

    Args:
        on_behalf_of: whose right is used where ``user`` writes down at the counter what they say.

    Raises:
        LookupError: no rule is called ``act``.
    """
    if not perm_exists(act):
        raise LookupError(f"No rule is called {act}")
    if isinstance(obj, Stateful) and act in ACTS and obj.state not in ACTS[act].sources:
        return False
    return is_allowed(act, obj, by=user, on_behalf_of=on_behalf_of)


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
