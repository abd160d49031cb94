"""What follows without anybody's act: second choices go on, and applications end with their event or place."""

from __future__ import annotations

from datetime import datetime

from luukku.accounts.models import User
from luukku.events.hooks import AFTER_CANCELLING, AFTER_LEAVING, AFTER_MOVING, TOLD_BESIDE
from luukku.events.models import Event, SignUp
from luukku.events.states import OPEN_EVENTS
from luukku.notices.actions import tell, tell_all
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import people_of
from luukku.training.models import Application, StopReason
from luukku.training.notices import (
    NewApplication,
    NotHeld,
    SecondNotHeld,
    TrainingMoved,
    TrainingStopped,
)
from luukku.training.queries import hours_marked
from luukku.training.states import (
    CALL_OFF,
    PASS_ON,
    STOP,
    TO_ANSWER,
    WITHDRAW,
    ApplicationState,
)
from luukku.workflow.actions import moving

S = ApplicationState


def tell_new(application: Application, *, at: datetime) -> None:
    """Tell the producer's own people that somebody has applied; the responsible person, where it has none.

    The counter knows it by the duty.
    """
    event = application.run.event
    standing = Membership.objects.standing(MemberRole.PRODUCER).filter(
        organisation=event.organiser_id
    )
    readers = list(people_of(standing).order_by("pk")) or [event.responsible]
    tell_all([(NewApplication(application, to=reader), reader) for reader in readers], at=at)


def second_of(first: Application) -> Application | None:
    """Return the second choice that still waits for ``first``."""
    return (
        Application.objects.filter(after=first, state=S.KEPT).select_related("run__event").first()
    )


def pass_on(first: Application, *, at: datetime) -> Application | None:
    """Let the second choice of ``first`` be considered, if its training is still to come; return it if so."""
    second, machine = second_of(first), User.objects.machine()
    if second is None:
        return None
    event = second.run.event
    if event.state not in OPEN_EVENTS or event.starts_at is None or event.starts_at <= at:
        end_second(first, at=at)
        return None
    with moving(second, PASS_ON, by=machine, at=at) as moved:
        moved.sent_at = at
    tell_new(moved, at=at)
    return moved


def end_second(first: Application, *, at: datetime) -> None:
    """Let go of the second choice: the first one was got, or it cannot be had any more."""
    second = second_of(first)
    if second is not None:
        with moving(second, WITHDRAW, by=User.objects.machine(), at=at):
            pass


def follow_leaving(sign_up: SignUp, at: datetime) -> None:
    """End the application of whoever has let the place in a training go: before it begins withdrawn, then stopped."""
    own = (
        Application.objects.filter(
            run__event=sign_up.event_id, person=sign_up.person_id, state=S.CHOSEN
        )
        .select_related("run__event", "run__programme")
        .first()
    )
    if own is None:
        return
    machine, starts_at = User.objects.machine(), own.run.event.starts_at
    if starts_at is not None and starts_at <= at:
        with moving(own, STOP, by=machine, at=at) as moved:
            moved.stop_reason = StopReason.UNTOLD
            moved.contact_minutes, moved.own_minutes = hours_marked(own)
        tell(TrainingStopped(moved), to=own.person, at=at)
        return
    with moving(own, WITHDRAW, by=machine, at=at):
        pass


def call_off(event: Event, at: datetime) -> None:
    """End the applications to a training that is not held; whoever had no place yet is told, and a second goes on."""
    rows = (
        Application.objects.filter(run__event=event).live().select_related("person").order_by("pk")
    )
    for own in rows:
        with moving(own, CALL_OFF, by=User.objects.machine(), at=at) as moved:
            had = moved.state
        if had in TO_ANSWER:
            second = pass_on(moved, at=at)
            tell(NotHeld(moved, second=second), to=moved.person, at=at)
        elif had == S.KEPT:
            tell(SecondNotHeld(moved), to=moved.person, at=at)


def tell_moved(event: Event, at: datetime) -> None:
    """Tell who waits for an answer, or has it as the second choice, when it is held now; who has a place is told."""
    waiting = Application.objects.filter(run__event=event, state__in=[*TO_ANSWER, S.KEPT])
    for own in waiting.select_related("person", "run").order_by("pk"):
        own.run.event = event
        tell(TrainingMoved(own, at), to=own.person, at=at)


def number_told(event: Event) -> int:
    """Return how many applicants without a place are told where the training is called off."""
    return Application.objects.filter(run__event=event, state__in=[*TO_ANSWER, S.KEPT]).count()


AFTER_LEAVING.append(follow_leaving)
AFTER_CANCELLING.append(call_off)
AFTER_MOVING.append(tell_moved)
TOLD_BESIDE.append(number_told)
