"""Dates of a series when several people act at the same moment. Real threads, real commits."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Via
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Order
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import ANSWER_TIME, make_series_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_series
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _machine(db):
    """The machine's account exists, as in every database that has been set up."""
    User.objects.machine()


def ask(found, at):
    by = make_coordinator()
    return actions.propose_series(
        found[0].series, make_expert(at=at), by=by, at=at, answer_by=at + ANSWER_TIME
    )


def say_yes(offers, at):
    yes = dict.fromkeys([offer.pk for offer in offers])
    by = offers[0].expert.user
    return partial(actions.answer_series, offers[0], yes=yes, no=[], by=by, at=at, via=Via.DESK)


def test_experts_who_say_yes_to_the_same_dates_at_once_fill_each_date_once(at):
    found = make_series_search(at)
    asked = [ask(found, at) for _n in range(6)]
    asked[1::2] = [offers[::-1] for offers in asked[1::2]]

    outcomes = at_once([say_yes(offers, at) for offers in asked])

    assert errors(outcomes) == []
    by_order = Counter(Assignment.objects.live().values_list("order", flat=True))
    assert by_order == Counter([one.pk for one in found])
    assert {one.state for one in Order.objects.all()} == {OrderState.STAFFED}
    assert not Offer.objects.proposed().exists()


def test_same_expert_is_one_of_those_who_say_yes_at_once(at):
    found = make_series_search(at, is_one_expert=True)
    asked = [ask(found, at) for _n in range(5)]

    outcomes = at_once([say_yes(offers, at) for offers in asked])

    assert len(errors(outcomes)) == 4
    assert Assignment.objects.live().count() == 3
    assert len(set(Assignment.objects.live().values_list("expert", flat=True))) == 1


def test_series_accepted_by_several_at_once_is_accepted_once(at):
    series = make_series(at)[0].series
    people = [make_coordinator() for _n in range(5)]

    outcomes = at_once([partial(orders.accept_series, series, by=by, at=at) for by in people])

    assert errors(outcomes) == [WrongState] * 4
    assert Letter.objects.filter(kind="orders.accepted_together").count() == 1


def test_yes_and_cancelling_the_rest_at_once_leave_no_task_of_a_cancelled_order(at):
    found = make_series_search(at)
    offers = ask(found, at)
    cancel = partial(
        actions.cancel_series,
        found[0].series,
        whose=CancelledBy.ORDERER,
        reason="",
        by=found[0].contact,
        at=at + timedelta(seconds=1),
    )

    outcomes = at_once([say_yes(offers, at), cancel])

    assert errors(outcomes) == []
    assert {one.state for one in Order.objects.all()} == {OrderState.CANCELLED}
    assert not Assignment.objects.live().exists()


def test_one_date_and_all_dates_acted_on_at_once_wait_for_each_other(at):
    found = make_series_search(at)
    asked = [ask(found, at) for _n in range(3)]
    single = partial(actions.accept, asked[2][2], by=asked[2][2].expert.user, at=at, via=Via.DESK)

    outcomes = at_once([say_yes(asked[0], at), say_yes(asked[1], at), single])

    assert set(errors(outcomes)) <= {actions.NoSeatLeft, WrongState}
    assert Assignment.objects.live().count() == 3
