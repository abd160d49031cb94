"""What the organiser does to an event: its words, times, places and questions; opening, closing, cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.fields import editable
from luukku.core.times import helsinki
from luukku.events.actions.common import changed, lock_event, require_may_answer_for
from luukku.events.actions.queueing import settle
from luukku.events.actions.times import as_it_is, tell_moved
from luukku.events.hooks import AFTER_CANCELLING, after_changing
from luukku.events.models import Event, Group, Mode, Place, Question
from luukku.events.notices import EventCancelled, say_all
from luukku.events.queries import free_places, lacks_link, taken
from luukku.events.refusals import (
    NoLink,
    NoTimes,
    TimePassed,
    TooFewPlaces,
    TooLateToDecide,
    unfit,
)
from luukku.events.states import (
    ASK,
    CANCEL,
    CLOSE,
    DECIDE_LATER,
    EDIT,
    FINISH,
    OPEN_EVENTS,
    PUBLISH,
    REOPEN,
    RUN_ANYWAY,
    EventState,
    SignUpState,
)
from luukku.organisations.models import Organisation
from luukku.workflow.actions import acting, moving

WHERE = ("mode", "address", "meeting_url")  # who comes has to know when it changes
NAMES = ("title_fi", "title_sv", "title_en")  # another name would not be found again
PLACES = ("seats", "quota_professionals", "quota_experts")


def make(organiser: Organisation, *, by: User, at: datetime, **fields: Any) -> Event:
    """Begin a draft that ``organiser`` holds, with as many places as it says.

    Raises:
        PermissionDenied: ``by`` stands neither for the organisation nor at the counter.
        CannotAnswerFor: the responsible person is neither of the organiser nor at the counter.
        TooLateToDecide: the day to decide has passed.
    """
    fields = {"responsible": by} | fields
    event = Event(organiser=organiser, made_by=by, made_at=at, state_changed_at=at, **fields)
    if not by.has_perm("events.make", event):
        raise PermissionDenied("events.make")
    require_may_answer_for(event, event.responsible, field="responsible")
    with transaction.atomic():
        with refused_as(unfit()):
            event.save()
        require_day_to_decide(event, at=at)
        lay_places(event)
        record("events.make", by=by, about=event, at=at, data={"kind": str(event.kind)})
    return event


def edit(event: Event, *, by: User, at: datetime, **fields: Any) -> Event:
    """Change what an event says of itself; a place more goes to the waiting list, another address is told.

    Who answers for it is no word of the event: ``hand_over``.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been held or cancelled.
        TooFewPlaces: more people have a place than there would be, or than there would be for their group.
        TooLateToDecide: the new day to decide has passed, or comes after the event has begun.
        NoLink: people see it, and would find no link to take part remotely by.
        Refused: two of the fields do not fit together; ``refusals.unfit`` says which.
    """
    if unknown := fields.keys() - (editable(Event) - {"responsible"}):
        raise ValueError(f"No field of an event: {sorted(unknown)}")
    data: dict[str, object] = {}
    with acting(event, EDIT, by=by, at=at, data=data) as event:
        new = {name for name, value in fields.items() if value != getattr(event, name)}
        data["fields"] = sorted(new)
        before = as_it_is(event)
        for name, value in fields.items():
            setattr(event, name, value)
        is_moved = not (new - _unseen(event)).isdisjoint(WHERE)
        is_moved |= any(getattr(before.event, name) for name in new & set(NAMES))
        is_shown = event.state != EventState.DRAFT
        if is_shown and new & {"mode", "meeting_url"} and lacks_link(event):
            raise NoLink
        if fields.keys() & set(PLACES):
            lay_places(event)
        if "decide_on" in new:
            require_day_to_decide(event, at=at)
        with refused_as(unfit()):
            event.save()
        settle(event, at=at)
        if is_moved and is_shown:
            tell_moved(event, before, at=at)
        after_changing(event)
    return event


def set_link(event: Event, *, url: str, by: User, at: datetime) -> Event:
    """Give the link of an event for whoever holds it beside its organiser, such as a school that hears a lecture.

    Whether ``by`` may is for the caller to ask. Those who come are told.
    """
    with transaction.atomic():
        event = lock_event(event.pk)
        before = as_it_is(event)
        event.meeting_url = url
        event.save(update_fields=["meeting_url"])
        record("events.set_link", by=by, about=event, at=at)
        tell_moved(event, before, at=at)
        after_changing(event)
    return event


def _unseen(event: Event) -> set[str]:
    """Return what nobody is told of: a link that is left behind where one takes part on site."""
    return {"meeting_url"} if event.mode == Mode.PLACE else set()


def require_day_to_decide(event: Event, *, at: datetime) -> None:
    """Refuse a day to decide on that is not after today, or comes after the event has begun.

    Raises:
        TooLateToDecide: as its name says.
    """
    day = event.decide_on
    if day is None:
        return
    starts_on = helsinki(event.starts_at).date() if event.starts_at else day
    if not helsinki(at).date() < day <= starts_on:
        raise TooLateToDecide


def lay_places(event: Event) -> None:
    """Give ``event`` the rows of places that its numbers say: who has one keeps it.

    Raises:
        TooFewPlaces: not everybody's place is among them.
        Refused: fewer than are kept for groups.
    """
    if taken(event) > event.seats:
        raise TooFewPlaces(taken(event))
    left = {
        Group.PROFESSIONAL.value: event.quota_professionals or 0,
        Group.EXPERT.value: event.quota_experts or 0,
    }
    left[""] = event.seats - sum(left.values())
    if left[""] < 0:
        raise unfit()["event_quotas_fit"]
    free_places(event).delete()
    for place in event.places.prefetch_related("sign_ups"):
        # The row knows only who has it now: those who had it have let go of it.
        own = next((one.group for one in place.sign_ups.all()), "")
        group = own if left.get(own, 0) else ""
        if not left[group]:
            raise TooFewPlaces(taken(event))
        left[group] -= 1
        if place.group != group:
            Place.objects.filter(pk=place.pk).update(group=group)
    used = set(event.places.values_list("number", flat=True))
    numbers = (n for n in range(1, event.seats + len(used) + 1) if n not in used)
    Place.objects.bulk_create(
        Place(event=event, number=next(numbers), group=group)
        for group, count in left.items()
        for _n in range(count)
    )


def ask(
    event: Event, questions: Sequence[Mapping[str, object]], *, by: User, at: datetime
) -> Event:
    """Let a draft's form ask ``questions``, in this order; those of before are taken away.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been published: somebody may have answered.
    """
    with acting(event, ASK, by=by, at=at, data={"questions": len(questions)}) as event:
        event.questions.all().delete()
        Question.objects.bulk_create(
            Question(event=event, number=number, **fields)
            for number, fields in enumerate(questions, 1)
        )
    return event


def publish(event: Event, *, by: User, at: datetime) -> Event:
    """Let people see the event and sign up.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it is no draft.
        NoTimes, TimePassed: it has no time, or has begun.
        NoLink: one takes part remotely, and nobody would know by which link.
    """
    with transaction.atomic():
        with moving(event, PUBLISH, by=by, at=at) as event:
            require_whole(event, at=at)
        after_changing(event)
    return event


def require_whole(event: Event, *, at: datetime) -> None:
    """Refuse a draft that lacks what whoever comes has to know.

    Raises:
        NoTimes, TimePassed: it has no time, or has begun.
        NoLink: one takes part remotely, and nobody would know by which link.
    """
    if event.starts_at is None:
        raise NoTimes
    if event.starts_at <= at:
        raise TimePassed
    if lacks_link(event):
        raise NoLink


def close(event: Event, *, by: User, at: datetime) -> Event:
    """End signing up; the waiting list goes on."""
    with moving(event, CLOSE, by=by, at=at) as event:
        pass
    return event


def reopen(event: Event, *, by: User, at: datetime) -> Event:
    """Let people sign up again."""
    with moving(event, REOPEN, by=by, at=at) as event:
        pass
    return event


def cancel(event: Event, *, by: User, at: datetime, reason: str = "") -> Event:
    """Hold it not: everybody with a place or in the queue is told why, and their time is theirs again.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been held or cancelled.
    """
    with transaction.atomic():
        with moving(event, CANCEL, by=by, at=at) as event:
            event.cancel_reason = reason
            told = list(event.sign_ups.live().select_related("person", "guest").order_by("pk"))
            for sign_up in told:
                sign_up.bookings.all().delete()
                if sign_up.state == SignUpState.CONFIRMED:
                    changed(sign_up, at=at)
                    sign_up.save(update_fields=["calendar_version", "calendar_changed_at"])
        for follow in AFTER_CANCELLING:
            follow(event, at)
        after_changing(event)
        say_all(EventCancelled, told, at=at)
    return event


def run_anyway(event: Event, *, by: User, at: datetime) -> Event:
    """Decide that it is held though fewer come than it needs.

    Raises:
        PermissionDenied, WrongState: as in ``cancel``.
    """
    with acting(event, RUN_ANYWAY, by=by, at=at) as event:
        event.decided_at = at
        event.save(update_fields=["decided_at"])
    return event


def decide_later(event: Event, *, decide_on: date, by: User, at: datetime) -> Event:
    """Decide on another day whether it is held.

    Raises:
        PermissionDenied, WrongState: as in ``cancel``.
        TooLateToDecide: the day is not after today, or the event has begun by then.
    """
    with acting(event, DECIDE_LATER, by=by, at=at) as event:
        event.decide_on, event.decided_at = decide_on, None
        require_day_to_decide(event, at=at)
        event.save(update_fields=["decide_on", "decided_at"])
    return event


def finish(event: Event, *, by: User, at: datetime) -> Event:
    """It has been held.

    Raises:
        PermissionDenied: ``by`` is not the worker.
        WrongState: somebody has cancelled it.
    """
    with transaction.atomic():
        with moving(event, FINISH, by=by, at=at) as event:
            settle(event, at=at)
        after_changing(event)
    return event


def finish_past(*, at: datetime) -> int:
    """Finish each event whose last session is over; return how many."""
    machine = User.objects.machine()
    over = list(Event.objects.filter(state__in=OPEN_EVENTS, ends_at__lte=at).order_by("pk"))
    for event in over:
        finish(event, by=machine, at=at)
    return len(over)
