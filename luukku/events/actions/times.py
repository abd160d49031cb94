"""When an event is held. A moved time keeps everybody: they are told, and may withdraw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise

from django.db.models import Exists, OuterRef, ProtectedError

from luukku.accounts.models import User
from luukku.events.actions.common import changed
from luukku.events.hooks import AFTER_MOVING
from luukku.events.models import Booking, Event, Session
from luukku.events.notices import EventMoved, say_all
from luukku.events.queries import Span, spans
from luukku.events.refusals import HasAttendance, NoTimes, TimePassed, TimesOverlap
from luukku.events.states import SET_TIMES, EventState, SignUpState
from luukku.workflow.actions import acting


@dataclass(frozen=True)
class Before:
    """An event as it was before a change, and when it was held."""

    event: Event
    times: tuple[Span, ...]


_TOLD_LATER: ContextVar[dict[int, Before] | None] = ContextVar(
    "events that are told of later, as they were", default=None
)


@dataclass(frozen=True)
class Time:
    """One time as it is to be: ``pk`` of the session that it was, None of a new one."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    pk: int | None = None


def set_times(event: Event, times: Sequence[Time], *, by: User, at: datetime) -> Event:
    """Hold the event at ``times``; sessions that are not among them are taken away.

    Of a published event everybody with a place or in the queue is told. Whoever has a place keeps it, also where
    the new time stands on top of something else of theirs, and may withdraw.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been held or cancelled.
        NoTimes, TimePassed, TimesOverlap, HasAttendance: as their names say; nothing has changed.
    """
    ordered = sorted(times, key=lambda time: time.starts_at)
    with acting(event, SET_TIMES, by=by, at=at, data={"times": len(ordered)}) as event:
        before = as_it_is(event)
        was = {session.pk: session for session in event.sessions.all()}
        _require_sensible(event, ordered, was, at=at)
        if not _write(event, ordered, was):
            return event
        event.starts_at = ordered[0].starts_at if ordered else None
        event.ends_at = ordered[-1].ends_at if ordered else None
        event.decided_at = None
        event.save(update_fields=["starts_at", "ends_at", "decided_at"])
        if event.state != EventState.DRAFT:
            tell_moved(event, before, at=at)
    return event


def as_it_is(event: Event) -> Before:
    """Return ``event`` as it is before it is changed."""
    return Before(copy(event), tuple(spans(event)))


def _require_sensible(
    event: Event, times: Sequence[Time], was: dict[int, Session], *, at: datetime
) -> None:
    if event.state != EventState.DRAFT and not times:
        raise NoTimes
    for time in times:
        session = was.get(time.pk or 0)
        is_new = session is None or session.starts_at != time.starts_at
        if time.ends_at <= time.starts_at or (is_new and time.starts_at <= at):
            raise TimePassed
    if any(one.ends_at > two.starts_at for one, two in pairwise(times)):
        raise TimesOverlap


def _write(event: Event, times: Sequence[Time], was: dict[int, Session]) -> bool:
    """Make the rows what ``times`` say; return whether anything changed."""
    kept = {time.pk for time in times}
    gone = [session for pk, session in was.items() if pk not in kept]
    try:
        for session in gone:
            session.delete()
    except ProtectedError as error:
        raise HasAttendance from error
    is_changed = bool(gone)
    for time in times:
        session = was.get(time.pk or 0) or Session(event=event)
        new = (time.starts_at, time.ends_at, time.place)
        if session.pk and new == (session.starts_at, session.ends_at, session.place):
            continue
        session.starts_at, session.ends_at, session.place = new
        session.save()
        is_changed = True
    return is_changed


@contextmanager
def told_once(event: Event, *, at: datetime) -> Iterator[None]:
    """Let several changes of ``event`` be told in one letter, when all of them are made."""
    moved: dict[int, Before] = {}
    token = _TOLD_LATER.set(moved)
    try:
        yield
    finally:
        _TOLD_LATER.reset(token)
    if event.pk in moved:
        tell_moved(Event.objects.get(pk=event.pk), moved[event.pk], at=at)


def tell_moved(event: Event, before: Before, *, at: datetime) -> None:
    """Let everybody's time follow the sessions', and tell them when and where it is held now, and was before."""
    later = _TOLD_LATER.get()
    if later is not None:
        later.setdefault(event.pk, before)
        return
    sessions = list(event.sessions.all())
    people = list(event.sign_ups.live().select_related("person", "guest").order_by("pk"))
    kept = {
        (booking.sign_up_id, booking.session_id): booking
        for booking in Booking.objects.filter(session__event=event)
    }
    for sign_up in people:
        if sign_up.state not in {SignUpState.CONFIRMED, SignUpState.OFFERED}:
            continue
        changed(sign_up, at=at)
        sign_up.save(update_fields=["calendar_version", "calendar_changed_at"])
        if sign_up.person_id is None or sign_up.state == SignUpState.OFFERED:
            continue  # an offer books nothing
        for session in sessions:
            booking = kept.get((sign_up.pk, session.pk)) or Booking(
                sign_up=sign_up, session=session, person_id=sign_up.person_id
            )
            if (booking.starts_at, booking.ends_at) == (session.starts_at, session.ends_at):
                continue
            booking.starts_at, booking.ends_at = session.starts_at, session.ends_at
            booking.is_moved = True
            booking.save()
    waiting = [one for one in people if one.state != SignUpState.HELD]
    moved = partial(EventMoved, was=before.event, times=before.times)
    say_all(moved, waiting, at=at)
    for follow in AFTER_MOVING:
        follow(event, at)


def let_overlap(one: User, other: User) -> None:
    """Let the bookings of ``one`` stand on top of those of ``other``: two accounts of one person become one.

    Both sign-ups hold, and the person lets go of which they want.
    """
    on_top = Booking.objects.filter(
        person=other, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    Booking.objects.filter(Exists(on_top), person=one).update(is_moved=True)
