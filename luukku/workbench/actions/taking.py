"""Handing out what waits in the queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.core.duty import KINDS, among
from luukku.core.refused import Refused
from luukku.guidance.actions import assign as assign_question
from luukku.guidance.models import Question
from luukku.workbench.models import TakenDuty
from luukku.workbench.queries import (
    OF_QUESTIONS,
    Key,
    assignees,
    by_kind,
    question_keys,
    rows_of,
    whose,
)

KEEP = timedelta(days=1)  # an act that is taken back brings its duty back


class NotAtCounter(Refused):
    """Whoever is to do it does not serve at the counter, or not any more."""

    words = _("They do not serve at the counter any more. Choose somebody else.")
    field = "to"


def take(keys: Collection[Key], *, by: User, at: datetime) -> list[Key]:
    """Give ``by`` those of ``keys`` that nobody has; return what of ``keys`` is theirs then.

    What a colleague was faster to take stays the colleague's.

    What began to wait again since it was handed out is another duty, which nobody has.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.assign``.
    """
    with transaction.atomic():
        _lock(keys)
        waiting = among(by_kind(keys), at=at)
        again = {(duty.kind, duty.key) for duty in waiting} - whose(waiting).keys()
        taken = {key: who for key, who in assignees(keys).items() if key not in again}
        assign([key for key in keys if key not in taken], to=by, by=by, at=at)
        return [key for key in keys if taken.get(key, by.pk) == by.pk and key[0] in KINDS]


def assign(keys: Collection[Key], *, to: User | None, by: User, at: datetime) -> list[Key]:
    """Let ``to`` do the duties ``keys``, or nobody in particular; return those of a known kind.

    The questions among them are assigned as on their own page.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.assign``.
        NotAtCounter: ``to`` does not serve at the counter.
    """
    if not by.has_perm("workbench.assign"):
        raise PermissionDenied("workbench.assign")
    if to is not None and not (to.is_active and to.is_counter):
        raise NotAtCounter
    known = sorted({key for key in keys if key[0] in KINDS})
    with transaction.atomic():
        _lock(known)
        for question in Question.objects.filter(pk__in=question_keys(known)).order_by("pk"):
            assign_question(question, to, by=by, at=at)
        others = [key for key in known if key[0] not in OF_QUESTIONS]
        rows = _give(others, to, by=by, at=at) if to else _let_go(others)
        said = [(row, {"kind": row.kind, "key": row.key, "to": to and to.pk}) for row in rows]
        record_all("workbench.assign", by=by, about=said, at=at)
    return known


def _lock(keys: Collection[Key]) -> None:
    """Hand out nothing else until the transaction ends: two who take the same get it one after the other."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('workbench taken', 0))")


def _give(keys: list[Key], to: User, *, by: User, at: datetime) -> list[TakenDuty]:
    return TakenDuty.objects.bulk_create(
        [
            TakenDuty(kind=kind, key=key, assignee=to, assigned_by=by, assigned_at=at)
            for kind, key in keys
        ],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["assignee", "assigned_by", "assigned_at"],
    )


def _let_go(keys: list[Key]) -> list[TakenDuty]:
    rows = list(TakenDuty.objects.filter(rows_of(keys)))
    TakenDuty.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def forget_taken(*, at: datetime) -> int:
    """Delete who had taken what was handed out over a day ago and waits no more; return how many."""
    old = list(TakenDuty.objects.filter(assigned_at__lt=at - KEEP))
    waits = {
        (duty.kind, duty.key): duty.since
        for duty in among(by_kind((row.kind, row.key) for row in old), at=at)
    }
    over = [
        row.pk
        for row in old
        if (since := waits.get((row.kind, row.key))) is None or since > row.assigned_at
    ]
    return TakenDuty.objects.filter(pk__in=over).delete()[0]
