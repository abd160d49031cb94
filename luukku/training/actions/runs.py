"""Beginning a run: the event that people apply to, and what is taught there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import choice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.events import actions as events
from luukku.events.actions import Time
from luukku.events.models import How
from luukku.organisations.models import Organisation
from luukku.training.models import Programme, Run
from luukku.training.refusals import NotAgreed
from luukku.training.states import ProgrammeState

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
TITLES = ("title_fi", "title_sv", "title_en", "summary_fi", "summary_sv", "summary_en")


def new_code(length: int = 6) -> str:
    """Return a short code that nobody has seen."""
    return "".join(choice(SIGNS) for _n in range(length))


def change_run(
    run: Run,
    times: Sequence[Time],
    *,
    by: User,
    at: datetime,
    has_interview: bool = True,
    responsible: User | None = None,
    **fields: Any,
) -> Run:
    """Write anew when, where and for how many a run is held; of an open one everybody whom it concerns is told.

    Args:
        responsible: who answers for it from now on; None: who does so far.
        fields: of the event, as ``events.actions.edit`` takes them.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor stands for the producer who holds it.
        WrongState: it has been held or called off.
        Refused: as in ``events.actions.edit``, ``set_times`` and ``hand_over``; nothing has changed.
    """
    if not by.has_perm("training.change_run", run):
        raise PermissionDenied("training.change_run")
    with transaction.atomic():
        with events.told_once(run.event, at=at):  # a new address and a new time are one letter
            event = events.edit(run.event, by=by, at=at, **fields)
            if responsible is not None:
                event = events.hand_over(event, responsible, by=by, at=at)
            events.set_times(event, times, by=by, at=at)
        Run.objects.filter(pk=run.pk).update(has_interview=has_interview)
        record("training.change_run", by=by, about=run, at=at)
    return run


def begin_run(
    programme: Programme,
    organiser: Organisation,
    times: Sequence[Time],
    *,
    by: User,
    at: datetime,
    has_interview: bool = True,
    **fields: Any,
) -> Run:
    """Make a draft event that people will apply to, called like the programme; it stays on this version.

    Args:
        fields: of the event, as ``events.actions.make`` takes them.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor stands for a producer of the programme and ``organiser``.
        NotAgreed: the producers have not agreed on it.
        Refused: as in ``events.actions.set_times``.
    """
    if not by.has_perm("training.begin_run", programme):
        raise PermissionDenied("training.begin_run")
    with transaction.atomic():
        programme = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        if programme.state != ProgrammeState.AGREED:
            raise NotAgreed
        words = {name: getattr(programme, name) for name in TITLES}
        event = events.make(
            organiser,
            by=by,
            at=at,
            **{"kind": programme.kind, "how": How.APPLICATION} | words | fields,
        )
        event = events.set_times(event, times, by=by, at=at)
        run = Run.objects.create(
            event=event,
            programme=programme,
            code=f"{helsinki(known(event.starts_at)):%Y}-{new_code()}",
            has_interview=has_interview,
            made_by=by,
            made_at=at,
        )
        record("training.begin_run", by=by, about=run, at=at)
    return run
