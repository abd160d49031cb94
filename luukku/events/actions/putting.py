"""Putting others on the list: by phone at the counter, as the organiser, and own experts with their yes."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.events.actions.common import lock_event
from luukku.events.actions.queueing import TO_ANSWER, settle
from luukku.events.actions.signing import Answers, begin, first_free, keep_answers, take_place
from luukku.events.models import Event, Group, How, Place, SignUp, Via
from luukku.events.notices import AskedToCome, say
from luukku.events.queries import why_not
from luukku.events.refusals import ByApplication, NoPlaceFree, NotKept, TooManyAsked
from luukku.events.states import PUT_ON, SIGN_UP, SignUpState
from luukku.experts.models import Expert
from luukku.workflow.actions import lock_for, require

S = SignUpState
MOST_UNANSWERED = 5  # places that one organisation keeps in an event without anybody's yes


def put_on(
    event: Event,
    person: User,
    *,
    by: User,
    at: datetime,
    group: str = "",
    answers: Answers | None = None,
) -> SignUp:
    """Put ``person`` on the list, also where nobody signs up by themselves, or after signing up has ended.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: the event is a draft, or has been held or cancelled.
        ByApplication: the place goes with an application that somebody chooses.
        DoubleBooked: the person has given the time to something else.
    """
    with transaction.atomic():
        event = lock_for(event, PUT_ON, by=by)
        if event.how == How.APPLICATION:
            raise ByApplication
        own = take_place(event, person, by=by, at=at, via=Via.COUNTER, group=group)
        keep_answers(own, answers or {})
        record("events.put_on", by=by, about=own, at=at)
    return own


def ask_own(event: Event, expert: Expert, *, by: User, at: datetime) -> SignUp:
    """Keep a place for an own expert of ``by``, who is asked: nothing is settled without the expert's yes.

    Nobody is asked twice, nor who has signed up by themselves; whoever asks is answered the same.

    Raises:
        PermissionDenied: ``by`` does not stand for the expert's background organisation.
        WrongState: signing up has been closed.
        NotKept: the event is not for the expert, or not to be asked to; TooManyAsked, NoPlaceFree.
    """
    if not by.has_perm("events.ask_own", expert):
        raise PermissionDenied("events.ask_own")
    with transaction.atomic():
        event = lock_event(event.pk)
        require(event, SIGN_UP)
        settle(event, at=at)
        # Where somebody approves, nobody else gives places.
        if event.how != How.OPEN or why_not(event, expert.user, at=at):
            raise NotKept
        group = Group.EXPERT if event.has_quotas else ""
        place = first_free(event, group)
        _require_room(event, expert, place)
        if already := _already(event, expert):
            return already
        own = begin(event, person=expert.user, via=Via.ORGANISATION, group=group, by=by, at=at)
        own.place, own.state, own.held_until = place, S.OFFERED, _held_until(event, at)
        own.save()
        # Their time stays theirs until they say yes: with what else they have given it, is not told.
        record("events.ask_own", by=by, about=own, at=at, on_behalf_of=expert.user)
        say(AskedToCome, own, at=at)
    return own


def _require_room(event: Event, expert: Expert, place: Place | None) -> None:
    """Refuse alike, whatever the expert has done: that they have signed up by themselves is theirs to tell.

    Raises:
        TooManyAsked, NoPlaceFree: as their names say.
    """
    behind = Expert.objects.filter(background_organisation=expert.background_organisation_id)
    asked = event.sign_ups.filter(via=Via.ORGANISATION, state=S.OFFERED)
    if asked.filter(person__in=behind.values("user")).count() >= MOST_UNANSWERED:
        raise TooManyAsked
    if place is None:
        raise NoPlaceFree


def _already(event: Event, expert: Expert) -> SignUp | None:
    """Return what the expert has in the event, or was asked before: nobody is asked twice, nor is told why."""
    own = event.sign_ups.of(expert.user)
    return own.live().first() or own.filter(via=Via.ORGANISATION).order_by("-pk").first()


def _held_until(event: Event, at: datetime) -> datetime:
    """Return until when the place is kept: a day, but never past the start."""
    until = at + TO_ANSWER
    return until if event.starts_at is None else min(until, event.starts_at)
