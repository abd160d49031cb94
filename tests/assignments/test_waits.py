"""For what an order waits, from its beginning to its end."""

from datetime import timedelta

import pytest

from luukku.assignments.queries import Waits, waits
from luukku.orders.actions import ask_change
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_sign_up,
)
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


def waits_for(order, at):
    return (
        Order.objects.annotate(waits=waits(at=at))
        .get(pk=getattr(order, "order_id", order.pk))
        .waits
    )


@pytest.mark.parametrize(
    "make, wanted",
    [
        (lambda at: make_order(at, state=OrderState.DRAFT), Waits.ORDERER),
        (lambda at: make_order(at), Waits.COUNTER),
        (lambda at: make_order(at, state=OrderState.ACCEPTED), Waits.COUNTER),
        (lambda at: make_search(at), Waits.COUNTER),
        (lambda at: make_offer(at), Waits.EXPERTS),
        (lambda at: make_sign_up(at), Waits.COUNTER),
        (lambda at: make_agreed(at), Waits.DAY),
        (lambda at: make_agreed(at - timedelta(days=20)), Waits.DONE),
        (lambda at: make_done(at - timedelta(days=20)), Waits.FEEDBACK),
        (lambda at: make_order(at, state=OrderState.DECLINED), Waits.NOTHING),
        (lambda at: make_order(at, state=OrderState.NOT_FOUND), Waits.NOTHING),
    ],
)
def test_order_waits_for(now, make, wanted):
    assert waits_for(make(now), now) == wanted


def test_request_for_a_change_waits_for_the_counter(now):
    task = make_agreed(now)
    ask_change(task.order, words="Toinen aika sopisi paremmin.", by=task.order.contact, at=now)

    assert waits_for(task, now) == Waits.COUNTER
