"""What an orderer reads as the next step: by what is still untold, not by the order's state alone."""

from datetime import timedelta

import pytest

from luukku.assignments.models import Via
from luukku.feedback import actions
from luukku.feedback.models import Side
from luukku.feedback.queries import HAS_BEEN, WAITS_FOR_EXPERT, next_steps
from luukku.orders.models import Order
from luukku.orders.queries import NEXT
from luukku.orders.states import OrderState
from tests.factories.assignments import make_agreed, make_done, make_search

pytestmark = pytest.mark.django_db


def step(order, at):
    return next_steps([Order.objects.get(pk=order.pk)], at=at)[0][1]


def tell(task, side, at):
    by = task.expert.user if side == Side.EXPERT else task.order.contact
    scales = {"smooth": 5, "useful": 5, "heard": 5, "again": 5, "words": ""}
    actions.give(task, side=side, by=by, at=at, via=Via.DESK, **scales)


def test_done_order_asks_for_what_this_side_has_not_told(at):
    task = make_done(at)
    after = task.ends_at + timedelta(hours=1)

    assert step(task.order, after) == NEXT[OrderState.DONE]
    tell(task, Side.ORDERER, after)
    assert step(task.order, after) == WAITS_FOR_EXPERT
    tell(task, Side.EXPERT, after)
    assert step(task.order, after) == NEXT[OrderState.CLOSED]


def test_orderer_is_still_asked_when_only_the_expert_has_told(at):
    task = make_done(at)
    after = task.ends_at + timedelta(hours=1)

    tell(task, Side.EXPERT, after)

    assert step(task.order, after) == NEXT[OrderState.DONE]


def test_task_whose_day_has_passed_is_not_spoken_of_as_ahead(at):
    task = make_agreed(at)

    assert step(task.order, task.ends_at - timedelta(minutes=1)) == NEXT[OrderState.STAFFED]
    assert step(task.order, task.ends_at) == HAS_BEEN


def test_order_of_two_waits_until_both_tasks_have_been_told_of(at):
    order = make_search(at, experts_wanted=2)
    first, second = make_agreed(at, order=order), make_agreed(at, order=order)
    after = first.ends_at + timedelta(hours=1)
    first, second = (
        actions.close_task(task, by=task.expert.user, at=after) for task in (first, second)
    )

    tell(first, Side.ORDERER, after)
    assert step(order, after) == NEXT[OrderState.DONE]
    tell(second, Side.ORDERER, after)
    assert step(order, after) == WAITS_FOR_EXPERT


@pytest.mark.parametrize("number", [1, 3])
def test_steps_of_many_orders_take_one_query(at, number, django_assert_num_queries):
    for _n in range(number):
        make_done(at)
    orders = list(Order.objects.all())

    with django_assert_num_queries(1):
        next_steps(orders, at=at + timedelta(days=30))
