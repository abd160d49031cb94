"""Letters that wait a moment, so that what they tell can still be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from luukku.core.queue import enqueue_later
from luukku.notices.actions.sending import OUTBOX, daily_lane
from luukku.notices.models import Letter


def hold_back(about: str, *, told_at: datetime, until: datetime) -> None:
    """Let what was told of ``about`` at ``told_at`` neither leave nor stand on a desk before ``until``."""
    told = Letter.objects.filter(about=about, made_at=told_at, not_before_at__lt=until)
    if told.update(not_before_at=until):
        wake = partial(enqueue_later, "luukku.notices.tasks.send_waiting", after=until)
        transaction.on_commit(wake, robust=True)


def claim(letters: Iterable[Letter]) -> bool:
    """Keep every worker from sending ``letters`` until the transaction ends; return False if one is at it.

    What the letters say of themselves must be read after this: a worker may have been faster.
    """
    lanes = {letter.lane for letter in letters} | {
        daily_lane(letter.reader_id) for letter in letters if letter.reader_id
    }
    with connection.cursor() as cursor:
        for lane in sorted(lanes):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [OUTBOX, lane])
            if not cursor.fetchone()[0]:
                return False
    return True
