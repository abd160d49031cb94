"""Applying for a training, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.events import actions as events
from luukku.events.actions.common import lock_event
from luukku.events.models import Via
from luukku.events.states import LIVE_SIGN_UPS
from luukku.notices.actions import tell
from luukku.training.actions.following import pass_on, tell_new
from luukku.training.models import Application, Run, TrainingWish
from luukku.training.notices import ApplicationReceived, ApplicationWithdrawn
from luukku.training.queries import why_not_apply
from luukku.training.refusals import HasBegun, SameTwice, SecondNotOpen
from luukku.training.states import APPLY, PASS_ON, WITHDRAW, ApplicationState
from luukku.workflow.actions import lock_for, moving

S = ApplicationState


def apply(
    run: Run,
    *,
    by: User,
    at: datetime,
    why: str = "",
    barriers: Sequence[str] = (),
    needs: str = "",
    second: Run | None = None,
    on_behalf_of: User | None = None,
) -> Application:
    """Apply for ``by``, or for the person whom the counter helps; an earlier application stays as it is.

    Args:
        second: where the person would like to come if they are not chosen; its producer knows nothing before that,
            and the producer of ``run`` never does.

    Raises:
        PermissionDenied: ``by`` may not, or is not at the counter and acts for another.
        WrongState: applying has ended.
        Refused: ``queries.why_not_apply`` says why; SameTwice or SecondNotOpen.
    """
    person = on_behalf_of or by
    via = Via.DESK if person.pk == by.pk else Via.COUNTER
    with transaction.atomic():
        _lock_events(run, second)
        run.event = lock_for(run.event, APPLY, by=by, on_behalf_of=on_behalf_of)
        own = run.applications.of(person).live().first()
        if own is not None:
            told = {"why": why, "barriers": sorted(set(barriers)), "needs": needs}
            return _apply_after_all(own, told, at=at) if own.state == S.KEPT else own
        if refusal := why_not_apply(run, person, at=at):
            raise refusal
        _require_second(run, second, person, at=at)
        common: dict[str, Any] = {
            "person": person, "why": why, "barriers": sorted(set(barriers)), "needs": needs, "via": via,
            "made_by": by, "made_at": at, "state_changed_at": at,
        }  # fmt: skip
        own = Application.objects.create(run=run, state=S.SENT, sent_at=at, **common)
        behalf = None if person.pk == by.pk else person
        record("training.apply", by=by, about=own, at=at, on_behalf_of=behalf)
        if second is not None and not second.applications.of(person).live().exists():
            kept = Application.objects.create(run=second, state=S.KEPT, after=own, **common)
            record("training.apply", by=by, about=kept, at=at, on_behalf_of=behalf)
        tell(ApplicationReceived(own), to=person, at=at)
        tell_new(own, at=at)
    return own


def _lock_events(run: Run, second: Run | None) -> None:
    """Let nobody change the events of both, the lowest key first: two applications that cross wait for each other."""
    for pk in sorted({one.event_id for one in (run, second) if one is not None}):
        event = lock_event(pk)
        if second is not None and second.event_id == pk:
            second.event = event


def _apply_after_all(kept: Application, told: dict[str, Any], *, at: datetime) -> Application:
    """Send on at once what was a second choice, since the person applies to it by itself now."""
    with moving(kept, PASS_ON, by=User.objects.machine(), at=at) as moved:
        moved.sent_at = at
        for name, words in told.items():
            setattr(moved, name, words or getattr(moved, name))
    tell(ApplicationReceived(moved), to=moved.person, at=at)
    tell_new(moved, at=at)
    return moved


def _require_second(run: Run, second: Run | None, person: User, *, at: datetime) -> None:
    if second is None:
        return
    if second.pk == run.pk:
        raise SameTwice
    if why_not_apply(second, person, at=at):
        raise SecondNotOpen


def withdraw(
    application: Application, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> Application:
    """Take an application back, and let the place go if there is one; a second choice is considered then.

    Raises:
        PermissionDenied: it is another's.
        WrongState: it has been answered with no, or taken back.
        HasBegun: the person takes part already, and stops instead.
    """
    with transaction.atomic():
        event = lock_event(application.run.event_id)
        has_begun = event.starts_at is not None and event.starts_at <= at
        with moving(application, WITHDRAW, by=by, at=at, on_behalf_of=on_behalf_of) as moved:
            if has_begun and moved.state == S.CHOSEN:
                raise HasBegun
        pass_on(moved, at=at)
        place = event.sign_ups.of(moved.person).filter(state__in=LIVE_SIGN_UPS).first()
        if place is not None:
            events.withdraw(place, by=User.objects.machine(), at=at)
        if moved.person_id != by.pk and not by.is_machine:
            tell(ApplicationWithdrawn(moved), to=moved.person, at=at)
    return moved


def leave_applications(person: User, *, by: User, at: datetime) -> int:
    """Take back all that ``person`` waits for an answer to; return how many: their account is being closed.

    What they would have liked to be trained in is forgotten.
    """
    waiting = Application.objects.of(person).live().exclude(state=S.CHOSEN)
    # The second choice first: the first one's end would send it on to a producer who has known nothing.
    rows = waiting.order_by(F("after").desc(nulls_last=True), "pk")
    own = list(rows.select_related("run"))
    TrainingWish.objects.filter(person=person).delete()
    for application in own:
        withdraw(application, by=by, at=at)
    return len(own)
