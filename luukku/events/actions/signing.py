"""Signing up: a place is kept while the form is filled, and becomes the person's or a place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.events.actions.common import book, lock_open, require_free, vacate
from luukku.events.actions.queueing import settle
from luukku.events.models import (
    HOLD,
    Answer,
    Event,
    Group,
    How,
    Place,
    Question,
    SignUp,
    SignUpQuerySet,
    Via,
)
from luukku.events.notices import Applied, Confirmed, OnWaitingList, say
from luukku.events.queries import free_places, not_open, place_for, why_not
from luukku.events.refusals import AnswerMissing, GroupMissing
from luukku.events.states import APPLY, CONFIRM, SIGN_UP, WAIT, SignUpState
from luukku.workflow.actions import lock_for, moving
from luukku.workflow.states import Move

KEEPS_TURN = timedelta(
    days=1
)  # a place that was kept and lost counts in the queue from when it was taken
S = SignUpState
Answers = Mapping[int, str]  # by the key of the question


def hold(event: Event, *, by: User, at: datetime, group: str = "") -> SignUp | None:
    """Keep a place for ``by`` while the form is filled; None where it is not needed or none is free.

    Holding again keeps it for another quarter of an hour; who has signed up already has nothing to hold.

    Raises:
        WrongState: signing up has been closed.
        Refused: ``queries.why_not`` says why; or DoubleBooked.
    """
    with transaction.atomic():
        event, own = enter(event, by=by, person=by, at=at)
        if event.how != How.OPEN or (own is not None and own.state in _SETTLED):
            return None
        require_free(by, event)
        if own is None or own.state == S.EXPIRED:
            place = first_free(event, group)
            if place is None:
                return None
            own = begin(event, person=by, via=Via.DESK, group=group, by=by, at=at)
            own.place, own.state = place, S.HELD
        if not_open(event, at=at) is None:  # else it lasts as long as it was to last
            own.held_until = at + HOLD
        own.save()
        record("events.hold", by=by, about=own, at=at)
    return own


def sign_up(
    event: Event,
    *,
    by: User,
    at: datetime,
    answers: Answers | None = None,
    group: str = "",
    on_behalf_of: User | None = None,
) -> SignUp:
    """Sign ``by``, or whom the counter acts for, up: with a place, in the queue or waiting for approval.

    A place that was kept is taken if it still is; else what was typed is kept and the person waits from when the
    place was first kept. Who has signed up already stays as they are.

    Raises:
        PermissionDenied: ``by`` may not, or is not at the counter and acts for another.
        WrongState: signing up has been closed.
        Refused: ``queries.why_not`` says why; AnswerMissing, GroupMissing or DoubleBooked.
    """
    person = on_behalf_of or by
    via = Via.DESK if person.pk == by.pk else Via.COUNTER
    with transaction.atomic():
        event, own = enter(event, by=by, person=person, at=at)
        if own is not None and own.state in _SETTLED:
            return own
        require_answers(event, answers or {}, group)
        if own is None:
            own = begin(event, person=person, via=via, group=group, by=by, at=at)
            own.save()
        return come(own, event, answers or {}, group, by=by, at=at)


_SETTLED = frozenset({S.APPLIED, S.OFFERED, S.CONFIRMED, S.WAITING})


def enter(event: Event, *, by: User, person: User, at: datetime) -> tuple[Event, SignUp | None]:
    """Return the event, locked and settled, and what stands of the sign-up of ``person``: live, or just lapsed."""
    behalf = None if person.pk == by.pk else person
    event = lock_for(event, SIGN_UP, by=by, on_behalf_of=behalf)
    settle(event, at=at)
    own = event.sign_ups.of(person).live().first() or lapsed_of(event.sign_ups.of(person), at=at)
    if own is None or own.state not in _SETTLED:
        require_open(own, event, person, kept=HOLD, at=at)
    return event, own


def require_open(
    own: SignUp | None, event: Event, person: User | None, *, kept: timedelta, at: datetime
) -> None:
    """Refuse where ``person`` cannot sign up now; a place that was kept in time outlasts the end of signing up.

    Whatever else has been decided since it was kept, such as that the organiser invites, holds for it as well.

    Args:
        kept: for how long a place is kept.

    Raises:
        Refused: ``queries.why_not`` says why.
    """
    until = own.held_until if own is not None and own.state == S.HELD else None
    since = at if until is None else until - kept
    if refusal := why_not(event, person, at=since):
        raise refusal


def lapsed_of(sign_ups: SignUpQuerySet, *, at: datetime) -> SignUp | None:
    """Return the last of these whose place was kept, lost, and still counts in the queue."""
    return sign_ups.filter(state=S.EXPIRED, queue_at__gt=at - KEEPS_TURN).order_by("-pk").first()


def begin(
    event: Event,
    *,
    person: User | None,
    via: Via,
    group: str,
    by: User | None,
    at: datetime,
    mark: str = "",
) -> SignUp:
    """Return a sign-up that has nothing yet and is not saved: as if a place had been kept and lost at once."""
    return SignUp(
        event=event, person=person, guest_mark=mark, group=group, via=via, state=S.EXPIRED,
        state_changed_at=at, queue_at=at, made_by=by, made_at=at,
    )  # fmt: skip


def let_go_of_another_groups(own: SignUp, event: Event, group: str, *, at: datetime) -> None:
    """Let go of a place that is kept for another group than ``group``: it goes to whom it is kept for."""
    if own.place is None or own.place.group in {"", group}:
        return
    own.place, own.held_until, own.state = None, None, S.EXPIRED
    own.save()
    settle(event, at=at)


def first_free(event: Event, group: str) -> Place | None:
    """Return a place for somebody who comes now: none while others wait for such a one."""
    places = list(free_places(event))
    if event.sign_ups.queue().filter(group=group).exists():
        return None
    return place_for(group, places)


def come(
    own: SignUp, event: Event, answers: Answers, group: str, *, by: User, at: datetime
) -> SignUp:
    """Let who has filled the form have the place, wait for approval, or wait in the queue; and tell it.

    Raises:
        DoubleBooked: the person has given the time to something else.
    """
    keep_answers(own, answers)
    let_go_of_another_groups(own, event, group, at=at)
    move = _where_to(own, event, group)
    behalf = own.person if own.person_id not in {None, by.pk} else None
    with moving(own, move, by=by, at=at, on_behalf_of=behalf) as moved:
        moved.group, moved.held_until = group, None
        if move is CONFIRM:
            moved.place = moved.place or first_free(event, group)
            book(moved, event)
        else:
            require_free(moved.person, event)
            vacate(moved, at=at)
            moved.queue_at = turn_of(moved, event, at=at)
    say({CONFIRM: Confirmed, APPLY: Applied, WAIT: OnWaitingList}[move], moved, at=at)
    return moved


def turn_of(own: SignUp, event: Event, *, at: datetime) -> datetime | None:
    """Return since when who comes now waits: after all who were served before, whatever their clocks said.

    Who held a place before keeps the turn of then.
    """
    if own.queue_at != at:
        return own.queue_at
    last = event.sign_ups.queue().aggregate(last=Max("queue_at"))["last"]
    return at if last is None or last < at else last + timedelta(microseconds=1)


def _where_to(own: SignUp, event: Event, group: str) -> Move:
    if event.how == How.APPROVAL:
        return APPLY
    return CONFIRM if own.place_id or first_free(event, group) else WAIT


def require_answers(event: Event, answers: Answers, group: str) -> None:
    """Refuse where something that must be told was not.

    Raises:
        AnswerMissing: a question was left open that must be answered; its field is ``question-<key>``.
        GroupMissing: the event keeps places for two groups, and none was told.
    """
    if event.has_quotas and group not in Group.values:
        raise GroupMissing
    for question in event.questions.filter(is_required=True):
        if not answers.get(question.pk, "").strip():
            raise AnswerMissing(field_of(question))


def field_of(question: Question) -> str:
    """Return what the question's field is called in the form."""
    return f"question-{question.pk}"


def keep_answers(own: SignUp, answers: Answers) -> None:
    """Keep what was answered to the event's own questions; the newest words stay."""
    for question in own.event.questions.all():
        if words := answers.get(question.pk, "").strip():
            Answer.objects.update_or_create(
                sign_up=own, question=question, defaults={"words": words}
            )


def take_place(
    event: Event,
    person: User,
    *,
    by: User,
    at: datetime,
    via: Via = Via.APPLICATION,
    group: str = "",
) -> SignUp:
    """Give ``person`` a place, or the last one in the queue, because a higher room or the organiser says so.

    The caller has asked its own rule: training calls it when an application is accepted. Who has a place keeps it.

    Raises:
        WrongState: the event is a draft, or has been held or cancelled.
        DoubleBooked: the person has given the time to something else.
    """
    with transaction.atomic():
        event = lock_open(event.pk)
        settle(event, at=at)
        own = event.sign_ups.of(person).live().first()
        if own is not None and own.state in _SETTLED:
            return own
        own = own or begin(event, person=person, via=via, group=group, by=by, at=at)
        let_go_of_another_groups(own, event, group or own.group, at=at)
        own.via, own.group = via, group or own.group
        own.save()
        return _place_or_queue(own, event, at=at)


def _place_or_queue(own: SignUp, event: Event, *, at: datetime) -> SignUp:
    machine = User.objects.machine()
    place = own.place or first_free(event, own.group)
    with moving(own, CONFIRM if place else WAIT, by=machine, at=at) as moved:
        moved.held_until = None
        if place:
            moved.place = place
            book(moved, event)
        else:
            require_free(moved.person, event)
            moved.queue_at = turn_of(moved, event, at=at)
    say(Confirmed if place else OnWaitingList, moved, at=at)
    return moved
