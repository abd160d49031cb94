"""What the producer, or the counter, answers to an application."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.events import actions as events
from luukku.events.actions.common import lock_event
from luukku.events.states import OPEN_EVENTS, SignUpState
from luukku.notices.actions import tell
from luukku.training.actions.following import end_second, pass_on
from luukku.training.models import Application
from luukku.training.notices import InvitedToInterview, NotChosen
from luukku.training.refusals import EveryPlaceTaken, OverAlready
from luukku.training.states import CHOOSE, INVITE, TURN_DOWN
from luukku.workflow.actions import moving


def invite(
    application: Application, *, interview_at: datetime, where: str, by: User, at: datetime
) -> Application:
    """Agree on an interview, or on another time for it, and tell the person.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for the producer.
        WrongState: it has been answered or taken back.
    """
    with moving(application, INVITE, by=by, at=at) as moved:
        moved.interview_at, moved.interview_where = interview_at, where
        tell(InvitedToInterview(moved, at), to=moved.person, at=at)
    return moved


def choose(application: Application, *, by: User, at: datetime) -> Application:
    """Give the person a place in the training, in the same transaction; the second choice ends.

    Raises:
        PermissionDenied, WrongState: as in ``invite``.
        EveryPlaceTaken, DoubleBooked: as their names say; nothing has changed.
    """
    with transaction.atomic():
        event = lock_event(application.run.event_id)
        with moving(application, CHOOSE, by=by, at=at) as moved:
            moved.answered_at = at
            if event.state not in OPEN_EVENTS or event.ends_at is None or event.ends_at <= at:
                raise OverAlready
            place = events.take_place(event, moved.person, by=by, at=at)
            if place.state != SignUpState.CONFIRMED:
                raise EveryPlaceTaken
        end_second(moved, at=at)
    return moved


def turn_down(application: Application, *, words: str, by: User, at: datetime) -> Application:
    """Tell the person in words why they were not chosen; the second choice is considered from now on.

    Raises:
        PermissionDenied, WrongState: as in ``invite``.
    """
    with transaction.atomic():
        lock_event(application.run.event_id)
        with moving(application, TURN_DOWN, by=by, at=at) as moved:
            moved.answered_at, moved.reason = at, words
        second = pass_on(moved, at=at)
        tell(NotChosen(moved, second=second), to=moved.person, at=at)
    return moved
