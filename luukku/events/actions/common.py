"""What every act on events needs: the lock, places and bookings.

An act on an event or a sign-up locks the event first, then the sign-up: whoever comes next sees what became of the
place, so two never take one, and the queue is in the order in which people came. Last, before bookings are written,
each person's bookings are locked (``lock_bookings``): two events of the same people would otherwise wait for each
other inside the exclusion constraint. Nothing is locked after that but letters and the audit chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.db import connection

from luukku.accounts.models import User
from luukku.core.constraints import refused_as
from luukku.events.models import Booking, Event, SignUp
from luukku.events.queries import is_booked, spans
from luukku.events.refusals import CannotAnswerFor, DoubleBooked
from luukku.events.states import OPEN_EVENTS, SignUpState
from luukku.workflow.actions import require


def lock_event(event_id: int) -> Event:
    """Return the event with its row locked until the transaction ends."""
    return Event.objects.select_for_update(no_key=True).get(pk=event_id)


def lock_open(event_id: int) -> Event:
    """Return the event, locked, in which somebody can still be given a place or an answer.

    Raises:
        WrongState: it is a draft, or has been held or cancelled.
    """
    event = lock_event(event_id)
    require(event, OPEN_EVENTS)
    return event


def lock_bookings(people: Iterable[int]) -> None:
    """Let nobody else book these people until the transaction ends; the lowest key first."""
    with connection.cursor() as cursor:
        for pk in sorted(people):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('booking ' || %s, 0))", [pk]
            )


def require_free(person: User | None, event: Event) -> None:
    """Refuse where ``person`` has given the event's time to something else; nobody knows it of a guest.

    Raises:
        DoubleBooked: as its name says.
    """
    if person is not None and is_booked(person, spans(event), but=event):
        raise DoubleBooked


def book(sign_up: SignUp, event: Event) -> None:
    """Give the time of the event's sessions to it.

    Raises:
        DoubleBooked: the person has given it to something else; nothing was written.
    """
    person = sign_up.person
    if person is None:
        return
    lock_bookings([person.pk])
    require_free(person, event)
    rows = [
        Booking(
            sign_up=sign_up,
            session=session,
            person=person,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for session in event.sessions.all()
    ]
    with refused_as({"nobody_is_in_two_events_at_once": DoubleBooked()}):
        Booking.objects.bulk_create(rows)


def require_may_answer_for(event: Event, person: User, *, field: str = "person") -> None:
    """Refuse to let ``person`` answer for the event who could not keep it; ``field`` is theirs in the form.

    Raises:
        CannotAnswerFor: as its name says.
    """
    theirs = copy(event)
    theirs.responsible = person  # who leads peers may keep what they answer for, and nothing else
    if not person.is_active or not person.has_perm("events.edit", theirs):
        refusal = CannotAnswerFor()
        refusal.field = field
        raise refusal


def vacate(sign_up: SignUp, *, at: datetime) -> None:
    """Let go of the place and of the time: the row is saved by whoever moves it."""
    if sign_up.state == SignUpState.CONFIRMED:
        changed(sign_up, at=at)
    sign_up.place = sign_up.held_until = None
    sign_up.bookings.all().delete()


def changed(sign_up: SignUp, *, at: datetime) -> None:
    """Let calendars know that the entry is another one now."""
    sign_up.calendar_version += 1
    sign_up.calendar_changed_at = at
