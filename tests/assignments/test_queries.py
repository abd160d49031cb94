"""Reading offers and agreed tasks."""

from datetime import UTC, datetime, timedelta

import pytest

from luukku.assignments import actions, queries
from luukku.assignments.models import Offer
from luukku.events.actions import sign_up
from luukku.events.refusals import DoubleBooked
from luukku.orders.models import CancelledBy
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_sign_up,
)
from tests.factories.events import make_event
from tests.factories.experts import EVERY_CONSENT, make_expert
from tests.factories.orders import make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)


def without_identity(expert, at):
    consents = set(EVERY_CONSENT) - {Purpose.IDENTITY}
    set_consents(expert.user, consents, by=expert.user, at=at)


# Who the expert is


def test_identity_opens_to_the_orderer_after_the_yes(at):
    task = make_agreed(at)
    person = task.expert.user

    identity = queries.identity_for(task.order.contact, task)

    assert identity == queries.Identity(person.name, person.email, person.phone)


def test_identity_stays_open_after_the_task(at):
    task = make_done(at)

    assert queries.identity_for(task.order.contact, task) is not None


def test_identity_closes_when_the_task_is_cancelled(at):
    task = make_agreed(at)
    task = actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)

    assert queries.identity_for(task.order.contact, task) is None
    assert queries.identity_for(make_coordinator(), task) is not None


def test_identity_needs_the_experts_consent(at):
    task = make_agreed(at)
    without_identity(task.expert, at)

    assert queries.identity_for(task.order.contact, task) is None
    assert queries.identity_for(make_coordinator(), task) is not None
    assert queries.identity_for(task.expert.user, task) is not None


def test_identity_is_no_strangers_business(at):
    task = make_agreed(at)

    for stranger in (make_person(), make_orderer(at=at), make_expert(at=at).user):
        assert queries.identity_for(stranger, task) is None


def test_identity_of_somebody_without_an_address_has_an_empty_one(at):
    expert = make_expert(at=at, user=make_person(email="", phone="040 555"))
    task = make_agreed(at, expert=expert)

    identity = queries.identity_for(task.order.contact, task)

    assert (identity.email, identity.phone) == ("", "040 555")


# Seats and times


def test_free_seats_are_the_ones_nobody_holds_in_their_order(at):
    order = make_search(at, experts_wanted=3)
    task = make_agreed(at, order=order)

    free = [seat.number for seat in queries.free_seats(order)]

    assert (task.seat.number, free) == (1, [2, 3])


@pytest.mark.parametrize(
    "settled,day,expected",
    [(None, 0, [2, 4]), (None, 3, [4]), (2, 0, [2]), (2, 3, []), (None, 5, [])],
)
def test_times_to_choose_are_the_settled_one_or_every_future_wish(at, settled, day, expected):
    order = make_search(at, days=(2, 4))
    order.times.filter(starts_at=at + (settled or 99) * DAY).update(is_settled=True)

    times = queries.times_to_choose(order, at=at + day * DAY)

    assert [(time.starts_at - at).days for time in times] == expected


# Lists


@pytest.mark.parametrize("count", [1, 3])
def test_offers_to_answer_are_the_experts_own_most_urgent_first(
    at, count, django_assert_num_queries
):
    expert = make_expert(at=at)
    offers = [
        make_offer(at, expert=expert, answer_by=at + (9 - n) * DAY, days=(20 + n,))
        for n in range(count)
    ]
    make_offer(at, expert=expert, answer_by=at + DAY)  # too late by then
    make_sign_up(at, expert=expert, days=(40,))
    make_offer(at)

    with django_assert_num_queries(2):
        found = list(queries.offers_to_answer(expert, at=at + DAY))

    assert found == offers[::-1]


@pytest.mark.parametrize("count", [1, 3])
def test_sign_ups_are_the_ones_that_wait(at, count, django_assert_num_queries):
    expert = make_expert(at=at)
    own = [make_sign_up(at + n * DAY, expert=expert) for n in range(count)]
    taken_back = make_sign_up(at, expert=expert)
    actions.withdraw(taken_back, by=expert.user, at=at)
    make_offer(at, expert=expert)

    with django_assert_num_queries(2):
        found = list(queries.sign_ups_of(expert))

    assert found == own


@pytest.mark.parametrize("count", [1, 3])
def test_tasks_of_an_expert_come_latest_first(at, count, django_assert_num_queries):
    expert = make_expert(at=at)
    tasks = [make_agreed(at, expert=expert, days=(10 + n,)) for n in range(count)]
    make_agreed(at)

    with django_assert_num_queries(1):
        found = list(queries.tasks_of(expert))

    assert found == tasks[::-1]


def test_upcoming_are_agreed_tasks_of_both_sides_that_have_not_ended(at):
    task = make_agreed(at)
    later = make_agreed(at, expert=task.expert, days=(15,))
    cancelled = make_agreed(at, expert=task.expert, days=(16,))
    actions.cancel(cancelled, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)

    assert list(queries.upcoming(task.expert.user, at=at)) == [task, later]
    assert list(queries.upcoming(task.order.contact, at=at)) == [task]
    assert list(queries.upcoming(task.expert.user, at=task.ends_at)) == [later]


def test_tasks_in_month_follow_helsinkis_calendar(at):
    expert = make_expert(at=at)
    hour = timedelta(hours=1)
    for start in (
        datetime(2026, 12, 31, 21, 30, tzinfo=UTC),  # 23:30 on New Year's Eve
        datetime(2026, 12, 31, 22, 30, tzinfo=UTC),  # half past midnight on New Year's Day
    ):
        make_agreed(at, expert=expert, times=[(start, start + hour)])
    gone = make_agreed(at, expert=expert)
    actions.cancel(gone, whose=CancelledBy.EXPERT, reason="", by=expert.user, at=at)

    counts = [
        queries.tasks_in_month(expert, moment)
        for moment in (
            datetime(2026, 11, 30, 21, 59, tzinfo=UTC),
            datetime(2026, 11, 30, 22, 0, tzinfo=UTC),
            datetime(2027, 1, 15, tzinfo=UTC),
        )
    ]

    assert counts == [0, 1, 1]


def test_calendar_owner_is_whose_key_it_is_while_the_account_is_in_use(at):
    user = make_person()
    key = actions.new_calendar_key(user, by=user, at=at).key

    assert queries.calendar_owner(key) == user
    assert queries.calendar_owner(key + "x") is None
    user.is_active = False
    user.save()
    assert queries.calendar_owner(key) is None


def test_rows_name_themselves_by_numbers_only(at):
    task = make_agreed(at)
    key = actions.new_calendar_key(task.expert.user, by=task.expert.user, at=at)

    assert str(task) == f"assignment {task.pk}: order {task.order_id}"
    assert str(task.offer) == f"offer {task.offer_id}: order {task.order_id}"
    assert str(task.seat) == f"seat 1 of order {task.order_id}"
    assert str(key) == f"calendar of {task.expert.user_id}"


def test_sign_ups_wait_for_the_counter_and_offers_for_the_expert(at):
    offer, sign_up = make_offer(at), make_sign_up(at)

    assert list(Offer.objects.waiting_for_expert()) == [offer]
    assert list(Offer.objects.waiting_for_counter()) == [sign_up]


def test_agreed_task_stands_in_the_way_of_an_event_at_the_same_time(at):
    task = make_agreed(at)
    person = task.expert.user

    with pytest.raises(DoubleBooked):
        sign_up(make_event(at, starts_at=task.starts_at), by=person, at=at)

    after = make_event(at, starts_at=task.ends_at)
    assert sign_up(after, by=person, at=at).state == "confirmed"
