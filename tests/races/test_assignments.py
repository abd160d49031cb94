"""Seats, times and offers when several people act at the same moment. Real threads, real commits."""

from datetime import timedelta
from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.actions import AlreadyBooked, NoSeatLeft, OfferedAlready
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.states import LIVE_STATES, AssignmentState, OfferState
from luukku.audit.models import AuditEvent
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy
from luukku.orders.states import OrderState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_offer, make_search
from tests.factories.experts import make_blank_expert, make_expert
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _machine(db):
    """The machine's account exists, as in every database that has been set up."""
    User.objects.machine()


def quick_expert(at):
    """An expert in the bank without a profile: enough to say yes."""
    expert = make_blank_expert(at=at)
    Expert.objects.filter(pk=expert.pk).update(state=ExpertState.ACTIVE, municipality="609")
    set_consents(expert.user, {Purpose.IN_BANK}, by=expert.user, at=at)
    return Expert.objects.get(pk=expert.pk)


def say_yes(offer, at):
    return partial(actions.accept, offer, by=offer.expert.user, at=at, via=Via.DESK)


def test_fifty_experts_take_the_last_seat_at_once(at):
    order = make_search(at)
    offers = [make_offer(at, order=order, expert=quick_expert(at)) for _ in range(50)]

    outcomes = at_once([say_yes(offer, at) for offer in offers])

    assert errors(outcomes) == [NoSeatLeft] * 49
    order.refresh_from_db()
    assert order.state == OrderState.STAFFED
    winner = Assignment.objects.get()
    states = list(Offer.objects.order_by("pk").values_list("expert", "state"))
    assert states == [
        (
            offer.expert_id,
            OfferState.ACCEPTED if offer.expert_id == winner.expert_id else OfferState.WITHDRAWN,
        )
        for offer in offers
    ]
    assert Letter.objects.filter(kind="assignments.filled").count() == 49


def test_three_seats_among_eight_experts_at_once(at):
    order = make_search(at, experts_wanted=3)
    offers = [make_offer(at, order=order, expert=quick_expert(at)) for _ in range(8)]

    outcomes = at_once([say_yes(offer, at) for offer in offers])

    assert errors(outcomes) == [NoSeatLeft] * 5
    assert len(set(Assignment.objects.values_list("seat", flat=True))) == 3


def test_one_expert_takes_overlapping_tasks_at_once(at):
    expert = make_expert(at=at)
    start, half = at + timedelta(days=10), timedelta(minutes=30)
    offers = [
        make_offer(at, expert=expert, times=[(start + n * half / 8, start + n * half / 8 + half)])
        for n in range(8)
    ]

    outcomes = at_once([say_yes(offer, at) for offer in offers])

    assert errors(outcomes) == [AlreadyBooked] * 7
    assert Assignment.objects.count() == 1


def test_an_expert_says_yes_twice_at_once(at):
    offer = make_offer(at)

    outcomes = at_once([say_yes(offer, at)] * 4)

    assert errors(outcomes) == [NoSeatLeft] * 3
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_accept_against_cancelling_the_order(at, round_):
    offer, counter = make_offer(at), make_coordinator()

    def cancel():
        return actions.cancel_order(
            offer.order, whose=CancelledBy.COUNTER, reason="", by=counter, at=at
        )

    outcomes = at_once([say_yes(offer, at), cancel])

    assert set(errors(outcomes)) <= {WrongState}
    offer.order.refresh_from_db()
    assert offer.order.state == OrderState.CANCELLED
    assert not Assignment.objects.filter(state__in=LIVE_STATES).exists()
    assert not Offer.objects.proposed().exists()
    was_first = not isinstance(outcomes[0], Exception)
    assert Letter.objects.filter(kind="assignments.cancelled").exists() == was_first


@pytest.mark.parametrize("round_", range(5))
def test_accept_against_taking_the_offer_back(at, round_):
    offer, counter = make_offer(at), make_coordinator()

    outcomes = at_once([say_yes(offer, at), partial(actions.withdraw, offer, by=counter, at=at)])

    assert errors(outcomes) == [WrongState]
    offer.refresh_from_db()
    assert (offer.state == OfferState.ACCEPTED) == Assignment.objects.exists()


@pytest.mark.parametrize("round_", range(5))
def test_accept_against_leaving_the_bank(at, round_):
    offer = make_offer(at)
    leave = partial(actions.leave_bank, offer.expert, by=offer.expert.user, at=at)

    outcomes = at_once([say_yes(offer, at), leave])

    assert set(errors(outcomes)) <= {WrongState}
    offer.refresh_from_db()
    offer.expert.refresh_from_db()
    assert offer.expert.state == ExpertState.LEFT
    assert offer.state in {OfferState.ACCEPTED, OfferState.DECLINED}


def test_a_task_is_cancelled_by_both_sides_at_once(at):
    task = make_agreed(at)
    sides = [
        (CancelledBy.EXPERT, task.expert.user),
        (CancelledBy.ORDERER, task.order.contact),
    ]

    outcomes = at_once(
        [partial(actions.cancel, task, whose=w, reason="", by=by, at=at) for w, by in sides]
    )

    assert errors(outcomes) == [WrongState]
    task.refresh_from_db()
    assert (task.state, task.calendar_version) == (AssignmentState.CANCELLED, 1)
    assert Letter.objects.filter(kind="assignments.cancelled").count() == 2


def test_two_coordinators_ask_the_same_expert_at_once(at):
    order, expert = make_search(at), make_expert(at=at)
    counters = [make_coordinator(), make_coordinator()]

    outcomes = at_once(
        [
            partial(actions.propose, order, expert, by=by, at=at, answer_by=at + timedelta(days=1))
            for by in counters
        ]
    )

    assert errors(outcomes) == [OfferedAlready]
    assert Offer.objects.count() == 1
    assert Letter.objects.filter(kind="assignments.offered").count() == 1
    assert AuditEvent.objects.filter(act="assignments.propose").count() == 1


def test_two_workers_end_overdue_offers_at_once(at):
    offers = [make_offer(at, expert=quick_expert(at)) for _ in range(6)]

    outcomes = at_once([partial(actions.expire_overdue, at=at + timedelta(days=6))] * 2)

    assert sum(outcomes) == len(offers)
    assert Letter.objects.filter(kind="assignments.expired").count() == len(offers)


def test_the_last_two_tasks_of_an_order_end_at_once(at):
    order = make_search(at, experts_wanted=2)
    tasks = [make_agreed(at, order=order, expert=quick_expert(at)) for _ in range(2)]
    end = tasks[0].ends_at

    outcomes = at_once(
        [partial(actions.finish, task, by=task.expert.user, at=end) for task in tasks]
    )

    assert errors(outcomes) == []
    order.refresh_from_db()
    assert order.state == OrderState.DONE
