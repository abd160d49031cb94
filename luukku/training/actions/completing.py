"""How a training ends for who takes part: completed, which goes into the expert's record, or stopped."""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import override

from luukku.accounts.models import User
from luukku.core.text import in_hours, whole_hours
from luukku.core.times import helsinki
from luukku.events import actions as events
from luukku.events.actions.common import lock_event
from luukku.events.states import LIVE_SIGN_UPS
from luukku.experts.actions import grant_training
from luukku.experts.models import CompletedTraining, TrainingKind
from luukku.notices.actions import tell
from luukku.training.actions.certifying import issue
from luukku.training.models import Application, StopReason
from luukku.training.notices import Completed, TrainingStopped
from luukku.training.queries import has_lectured, hours_marked, is_enough
from luukku.training.refusals import HoursMissing, LectureMissing, NotBegunYet, NotOver
from luukku.training.states import COMPLETE, STOP
from luukku.workflow.actions import moving


def complete(
    application: Application,
    *,
    contact_minutes: int,
    own_minutes: int,
    exemption: str = "",
    by: User,
    at: datetime,
) -> Application:
    """Write the training, seen and counting, into the person's record as an expert; they are told.

    Args:
        exemption: why it counts though there are too few hours; only the person, the producer and the counter read it.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for the producer, or it is their own.
        WrongState: the person has no place in it, has stopped, or it was completed before.
        NotOver: the last session has not ended.
        HoursMissing, LectureMissing: too few hours or no practice lecture, and no exemption.
    """
    with transaction.atomic():
        event = lock_event(application.run.event_id)
        if event.ends_at is None or event.ends_at > at:
            raise NotOver(event.ends_at)
        with moving(application, COMPLETE, by=by, at=at) as moved:
            if not is_enough(moved, contact_minutes) and not exemption:
                whole = sum(row.contact_minutes for row in moved.run.programme.topics.all())
                raise HoursMissing(in_hours(contact_minutes), in_hours(whole))
            if moved.run.programme.needs_lecture and not exemption and not has_lectured(moved):
                raise LectureMissing
            moved.contact_minutes, moved.own_minutes = contact_minutes, own_minutes
            moved.exemption = exemption
            moved.training = _record(moved, by=by, at=at, on=helsinki(event.ends_at))
        issue(moved, by=by, at=at)
        tell(Completed(moved), to=moved.person, at=at)
    return moved


def _record(moved: Application, *, by: User, at: datetime, on: datetime) -> CompletedTraining:
    programme = moved.run.programme
    months = programme.validity_months
    hours = whole_hours((moved.contact_minutes or 0) + (moved.own_minutes or 0))
    with override("fi"):
        name = programme.title
    return grant_training(
        moved.person,
        kind=TrainingKind(programme.kind),
        further_kind=programme.further_kind,
        name=name,
        producer=moved.run.event.organiser.name,
        hours=hours or None,
        completed_on=on.date(),
        valid_until=on.date() + relativedelta(months=months) if months else None,
        run_code=moved.run.code,
        by=by,
        at=at,
    )


def stop(
    application: Application,
    *,
    by: User,
    at: datetime,
    reason: str = StopReason.UNTOLD,
    on_behalf_of: User | None = None,
) -> Application:
    """Write down that the person takes part no more; the hours that the marks of attendance tell stay theirs.

    Raises:
        PermissionDenied: it is another's, and ``by`` neither holds the training nor is at the counter.
        WrongState: the person has no place in it, or it was completed.
        NotBegunYet: they withdraw instead.
    """
    with transaction.atomic():
        event = lock_event(application.run.event_id)
        if event.starts_at is None or event.starts_at > at:
            raise NotBegunYet
        with moving(application, STOP, by=by, at=at, on_behalf_of=on_behalf_of) as moved:
            moved.stop_reason, moved.forgotten_at = reason, None
            moved.contact_minutes, moved.own_minutes = hours_marked(moved)
        place = event.sign_ups.of(moved.person).filter(state__in=LIVE_SIGN_UPS).first()
        if place is not None and event.ends_at is not None and event.ends_at > at:
            events.withdraw(place, by=User.objects.machine(), at=at)
        if moved.person_id != by.pk:
            tell(TrainingStopped(moved), to=moved.person, at=at)
    return moved
