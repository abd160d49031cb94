"""Places that become free go to the waiting list, in the transaction that frees them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from luukku.accounts.models import User
from luukku.events.actions.common import book, lock_event, require_free, vacate
from luukku.events.models import Event, Place, SignUp
from luukku.events.notices import OfferOver, PassedBy, PlaceFound, PlaceOffered, say
from luukku.events.queries import free_places, place_for
from luukku.events.refusals import DoubleBooked
from luukku.events.states import EXPIRE, OFFER, OPEN_EVENTS, PROMOTE, SignUpState
from luukku.workflow.actions import moving

ASKED_WITHIN = timedelta(hours=72)  # of the start: nobody is counted on without a yes
TO_ANSWER = timedelta(hours=24)


def settle(event: Event, *, at: datetime) -> None:
    """Let go of the places that were kept too long, and give what is free to the waiting list.

    The caller has locked ``event``. Every act that takes or frees a place calls it, so nobody has to tidy.
    """
    machine = User.objects.machine()
    for lapsed in event.sign_ups.lapsed(at).order_by("held_until", "pk"):
        was_offered = lapsed.state == SignUpState.OFFERED
        with moving(lapsed, EXPIRE, by=machine, at=at) as sign_up:
            vacate(sign_up, at=at)
        if was_offered:
            say(OfferOver, sign_up, at=at)
    _promote(event, by=machine, at=at)


def _promote(event: Event, *, by: User, at: datetime) -> None:
    until = event.promotes_until
    if event.state not in OPEN_EVENTS or until is None or until <= at:
        return
    places = list(free_places(event))
    if not places:
        return
    for waiting in event.sign_ups.queue().filter(Q(person=None) | Q(person__is_active=True)):
        place = place_for(waiting.group, places)
        if place is None:
            continue
        if _give(waiting, place, event, until=until, by=by, at=at):
            places.remove(place)
        if not places:
            return


def _give(
    waiting: SignUp, place: Place, event: Event, *, until: datetime, by: User, at: datetime
) -> bool:
    """Give or offer a place to who waits; return False where the person is booked elsewhere at the time."""
    is_near = event.starts_at is not None and event.starts_at - at < ASKED_WITHIN
    try:
        with moving(waiting, OFFER if is_near else PROMOTE, by=by, at=at) as sign_up:
            sign_up.place, sign_up.skipped_at = place, None
            if is_near:  # an offer keeps the place; the person's time stays theirs until the yes
                require_free(sign_up.person, event)
                sign_up.held_until = min(at + TO_ANSWER, until)
            else:
                book(sign_up, event)
    except DoubleBooked:
        _pass_by(waiting, at=at)
        return False
    say(PlaceOffered if is_near else PlaceFound, sign_up, at=at)
    return True


def _pass_by(waiting: SignUp, *, at: datetime) -> None:
    """Leave somebody in the queue who is booked elsewhere, and tell it once."""
    if waiting.skipped_at is None:
        SignUp.objects.filter(pk=waiting.pk).update(skipped_at=at)
        say(PassedBy, waiting, at=at)


def settle_all(*, at: datetime) -> int:
    """Settle each event in which a place was kept too long; return how many."""
    lapsed = SignUp.objects.lapsed(at).order_by("event").values_list("event", flat=True)
    keys = list(dict.fromkeys(lapsed))
    for pk in keys:
        with transaction.atomic():
            settle(lock_event(pk), at=at)
    return len(keys)
