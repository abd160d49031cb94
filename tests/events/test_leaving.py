"""Letting a place go, and to whom it goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.events import actions
from luukku.events.models import Booking
from luukku.events.refusals import TooLateToLeave
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up

pytestmark = pytest.mark.django_db
S = SignUpState


def states(*sign_ups):
    found = []
    for one in sign_ups:
        one.refresh_from_db()
        found.append(one.state)
    return found


def letters(person):
    return list(Letter.objects.filter(reader=person).order_by("pk").values_list("kind", flat=True))


def make_full(at, **fields):
    """An event with one place that somebody has; (event, who has it, the first and the second in the queue)."""
    event = make_event(at, seats=1, **fields)
    own = actions.sign_up(event, by=make_person(), at=at)
    queue = [actions.sign_up(event, by=make_person(), at=at + timedelta(minutes=n)) for n in (1, 2)]
    return event, own, *queue


def test_place_that_is_let_go_goes_to_the_first_who_waits(at):
    _event, own, first, second = make_full(at)

    actions.withdraw(own, by=own.person, at=at + timedelta(hours=1))

    assert states(own, first, second) == [S.WITHDRAWN, S.CONFIRMED, S.WAITING]
    assert letters(first.person) == ["events.waiting", "events.promoted"]
    assert letters(own.person) == ["events.confirmed"]
    assert not Booking.objects.filter(person=own.person).exists()


def test_withdrawal_30_hours_before_asks_the_next_and_a_no_the_one_after(at):
    event, own, first, second = make_full(at, starts_at=at + timedelta(days=10))
    near = event.starts_at - timedelta(hours=30)

    actions.withdraw(own, by=own.person, at=near)
    assert states(first, second) == [S.OFFERED, S.WAITING]
    first.refresh_from_db()
    assert first.held_until == event.starts_at - timedelta(hours=24)
    actions.withdraw(first, by=first.person, at=near + timedelta(hours=1))

    assert states(first, second) == [S.WITHDRAWN, S.OFFERED]
    assert actions.say_yes(second, by=second.person, at=near + timedelta(hours=2)).state == (
        S.CONFIRMED
    )
    assert letters(second.person) == ["events.waiting", "events.offered", "events.confirmed"]


def test_withdrawal_23_hours_before_asks_nobody_and_tells_the_responsible_person(at):
    event, own, first, _second = make_full(at, starts_at=at + timedelta(days=10))

    actions.withdraw(own, by=own.person, at=event.starts_at - timedelta(hours=23))

    assert states(first) == [S.WAITING]
    assert letters(event.responsible) == ["events.late_withdrawal"]


def test_promotion_passes_by_who_is_erased_or_closed(at):
    _event, own, first, second = make_full(at)
    User.objects.filter(pk=first.person_id).update(is_active=False)

    actions.withdraw(own, by=own.person, at=at)

    assert states(first, second) == [S.WAITING, S.CONFIRMED]


def test_promotion_passes_by_who_is_booked_elsewhere_who_keeps_the_turn_and_is_told_once(at):
    start = at + timedelta(days=10)
    _event, own, first, second = make_full(at, starts_at=start)
    elsewhere = actions.sign_up(make_event(at, starts_at=start), by=first.person, at=at)

    actions.withdraw(own, by=own.person, at=at)
    assert states(first, second) == [S.WAITING, S.CONFIRMED]
    actions.withdraw(elsewhere, by=first.person, at=at)
    actions.withdraw(second, by=second.person, at=at)

    assert states(first) == [S.CONFIRMED]
    assert letters(first.person).count("events.passed_by") == 1


def test_withdrawal_is_ones_own_the_organisers_or_the_counters(at):
    event, own, first, _second = make_full(at)

    with pytest.raises(PermissionDenied):
        actions.withdraw(own, by=make_person(), at=at)
    actions.withdraw(own, by=make_coordinator(), on_behalf_of=own.person, at=at)

    assert letters(own.person)[-1] == "events.withdrawn"
    with pytest.raises(WrongState):
        actions.withdraw(own, by=own.person, at=at)
    with pytest.raises(TooLateToLeave):
        actions.withdraw(first, by=first.person, at=event.ends_at)


def test_who_withdrew_may_come_again_at_the_end_of_the_queue(at):
    event, own, _first, _second = make_full(at)
    actions.withdraw(own, by=own.person, at=at + timedelta(hours=1))

    again = actions.sign_up(event, by=own.person, at=at + timedelta(hours=2))

    assert again.pk != own.pk
    assert again.state == S.WAITING


def test_account_that_is_closed_lets_go_of_what_is_to_come(at):
    person = make_person()
    event = make_event(at, seats=1)
    own = actions.sign_up(event, by=person, at=at)
    next_one = actions.sign_up(event, by=make_person(), at=at)
    past = make_sign_up(make_event(at, starts_at=at - timedelta(days=9)), person)

    assert actions.leave_all(person, by=person, at=at) == 1

    assert states(own, next_one, past) == [S.WITHDRAWN, S.CONFIRMED, S.CONFIRMED]


def test_nobody_is_given_a_place_in_what_is_not_held(at):
    event, own, first, _second = make_full(at)
    actions.cancel(event, by=event.responsible, at=at)

    actions.withdraw(own, by=own.person, at=at)

    event.refresh_from_db()
    assert (event.state, states(first)) == (EventState.CANCELLED, [S.WAITING])
