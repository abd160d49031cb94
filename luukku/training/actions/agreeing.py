"""What those who train have agreed on together: the common core."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.notices.actions import tell_all
from luukku.training.actions.programmes import Minutes
from luukku.training.models import CommonCore, CoreTopic
from luukku.training.notices import CoreAgreed
from luukku.training.queries import producers
from luukku.training.refusals import CoreMeanwhile, EmptyCore, NotDecidedYet


def agree_core(
    *,
    decided_on: date,
    decision: str,
    minutes: Minutes,
    seen: int | None = None,
    by: User,
    at: datetime,
) -> CommonCore:
    """Write down a new version of the common core, which is in force at once; those who train are told.

    Args:
        minutes: how long a basic training is about each topic at least; those without any time are left out.
        seen: the version that stood when this one was written, 0 for none; None: whichever.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        EmptyCore, NotDecidedYet: as their names say.
        CoreMeanwhile: there is a newer version than ``seen``.
    """
    if not by.has_perm("training.agree_core"):
        raise PermissionDenied("training.agree_core")
    rows = {topic: spent for topic, spent in minutes.items() if any(spent)}
    if refusal := _why_not_core(rows, decided_on, at=at):
        raise refusal
    with transaction.atomic():
        with connection.cursor() as cursor:  # of the first version there is no row to lock
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('common core', 0))")
        newest = CommonCore.objects.first()
        if newest is not None and _is_same(newest, decided_on, decision, rows):
            return newest  # sent twice
        if seen is not None and seen != (newest.version if newest else 0):
            raise CoreMeanwhile
        core = CommonCore.objects.create(
            version=newest.version + 1 if newest else 1,
            decided_on=decided_on,
            decision=decision,
            made_by=by,
            made_at=at,
        )
        CoreTopic.objects.bulk_create(
            CoreTopic(core=core, topic=topic, contact_minutes=together, own_minutes=alone)
            for topic, (together, alone) in rows.items()
        )
        record("training.agree_core", by=by, about=core, at=at)
        tell_all([(CoreAgreed(core, to=one), one) for one in producers()], at=at)
    return core


def _why_not_core(rows: Minutes, decided_on: date, *, at: datetime) -> Refused | None:
    if decided_on > helsinki(at).date():
        return NotDecidedYet()
    return None if rows else EmptyCore()


def _is_same(core: CommonCore, decided_on: date, decision: str, rows: Minutes) -> bool:
    stands = {
        row.topic: (row.contact_minutes, row.own_minutes)
        for row in core.topics.select_related("topic")
    }
    return (core.decided_on, core.decision, stands) == (decided_on, decision, rows)
