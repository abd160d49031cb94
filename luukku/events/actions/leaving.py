"""Letting a place go, and what the organiser answers to who waits."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.events.actions.common import book, lock_event, lock_open, vacate
from luukku.events.actions.queueing import settle
from luukku.events.hooks import AFTER_LEAVING
from luukku.events.models import Event, SignUp
from luukku.events.notices import (
    Confirmed,
    Declined,
    LateWithdrawal,
    OnWaitingList,
    WithdrawnForYou,
    say,
)
from luukku.events.queries import free_places, live_of, place_for
from luukku.events.refusals import NoPlaceFree, TooLateToLeave
from luukku.events.states import APPROVE, DECLINE, SAY_YES, WAIT, WITHDRAW, SignUpState
from luukku.notices.actions import tell
from luukku.workflow.actions import moving

S = SignUpState


def withdraw(
    sign_up: SignUp, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> SignUp:
    """Let the place or the turn go; a free place goes to the waiting list, as long as it may.

    After that the organiser's responsible person is told, who may know somebody else.

    Raises:
        PermissionDenied: it is another's.
        WrongState: it has ended.
        TooLateToLeave: so has the event.
    """
    with transaction.atomic():
        event = lock_event(sign_up.event_id)
        require_not_over(event, at=at)
        with moving(sign_up, WITHDRAW, by=by, at=at, on_behalf_of=on_behalf_of) as moved:
            had_place = moved.state == S.CONFIRMED
            vacate(moved, at=at)
        settle(event, at=at)
        until = event.promotes_until
        if had_place and until is not None and until <= at:
            tell(LateWithdrawal(moved), to=event.responsible, at=at)
        if moved.person_id != by.pk and not by.is_machine:
            say(WithdrawnForYou, moved, at=at)
        for follow in AFTER_LEAVING:
            follow(moved, at)
    return moved


def require_not_over(event: Event, *, at: datetime) -> None:
    """Refuse where nobody can let a place go any more.

    Raises:
        TooLateToLeave: the event has ended.
    """
    if event.ends_at is not None and event.ends_at <= at:
        raise TooLateToLeave


def leave_all(person: User, *, by: User, at: datetime) -> int:
    """Let go of all that ``person`` comes to or waits for; return how many: their account is being closed."""
    own = list(live_of(person).filter(event__ends_at__gt=at).order_by("event"))
    for sign_up in own:
        withdraw(sign_up, by=by, at=at)
    return len(own)


def say_yes(sign_up: SignUp, *, by: User, at: datetime, on_behalf_of: User | None = None) -> SignUp:
    """Take the place that was offered.

    Raises:
        PermissionDenied: it was offered to another.
        WrongState: it has been answered, the time to answer has run out, or the event is off or over.
        DoubleBooked: the person has given the time to something else meanwhile; the place still waits.
    """
    with transaction.atomic():
        event = lock_open(sign_up.event_id)
        settle(event, at=at)
        with moving(sign_up, SAY_YES, by=by, at=at, on_behalf_of=on_behalf_of) as moved:
            moved.held_until = None
            moved.bookings.all().delete()  # of offers made when they still booked
            book(moved, event)
        say(Confirmed, moved, at=at)
    return moved


def approve(sign_up: SignUp, *, by: User, at: datetime) -> SignUp:
    """Give a place to somebody who waits for approval, or on the list, and tell it.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor the counter.
        WrongState: it has been answered or withdrawn, or the event is off or over.
        NoPlaceFree, DoubleBooked: as their names say.
    """
    with transaction.atomic():
        event = lock_open(sign_up.event_id)
        settle(event, at=at)
        with moving(sign_up, APPROVE, by=by, at=at) as moved:
            moved.place = place_for(moved.group, list(free_places(event)))
            if moved.place is None:
                raise NoPlaceFree
            book(moved, event)
        say(Confirmed, moved, at=at)
    return moved


def put_in_queue(sign_up: SignUp, *, by: User, at: datetime) -> SignUp:
    """Put somebody who waits for approval on the waiting list: good, but every place is taken.

    Raises:
        PermissionDenied, WrongState: as in ``approve``.
    """
    with transaction.atomic():
        event = lock_open(sign_up.event_id)
        with moving(sign_up, WAIT, by=by, at=at) as moved:
            moved.queue_at = moved.queue_at or at
        say(OnWaitingList, moved, at=at)
        settle(event, at=at)
    return moved


def decline(sign_up: SignUp, *, by: User, at: datetime) -> SignUp:
    """Tell somebody who waits that they are not chosen.

    Raises:
        PermissionDenied, WrongState: as in ``approve``.
    """
    with transaction.atomic():
        lock_open(sign_up.event_id)
        with moving(sign_up, DECLINE, by=by, at=at) as moved:
            vacate(moved, at=at)
        say(Declined, moved, at=at)
    return moved
