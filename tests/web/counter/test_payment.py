"""An order without agreed money comes through: the counter sees it, looks into it, and it is counted."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.core.periods import Period
from luukku.core.times import helsinki
from luukku.orders import actions
from luukku.orders.models import Order, Payment
from luukku.orders.states import OrderState
from luukku.web.counter.figures import Figures
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_steering
from tests.factories.orders import make_draft, make_order

pytestmark = pytest.mark.django_db


def duties(now):
    return [duty.url for duty in queue(at=now, kind="payment")]


def address(order, name="order"):
    return reverse(f"counter:{name}", args=[order.pk])


@pytest.mark.parametrize("payment", Payment)
def test_order_is_sent_with_any_answer_and_the_unpaid_is_a_duty(counter, now, payment):
    draft = make_draft(now, payment=payment)

    order = actions.send(draft, by=draft.contact, at=now)

    assert (order.state, order.payment) == (OrderState.SENT, payment)
    is_open = payment != Payment.AGREED
    assert duties(now) == ([address(order)] if is_open else [])
    response = counter.get(address(order))
    assert str(payment.label) in response.content.decode()
    assert response.context["asks_for_money"] is is_open


@pytest.mark.parametrize("state", [OrderState.DECLINED, OrderState.NOT_FOUND, OrderState.CANCELLED])
def test_ended_order_waits_for_nobody_s_money(now, state):
    make_order(now, state=state, payment=Payment.HELP)

    assert duties(now) == []


def test_counter_writes_down_what_was_agreed_and_may_take_it_back(counter, now):
    order = make_order(now, payment=Payment.HELP)
    assert counter.get(address(order, "order-payment")).status_code == 200
    assert counter.post(address(order, "order-payment"), {"payment": "x"}).status_code == 422

    for _twice in range(2):
        counter.post(address(order, "order-payment"), {"payment": "agreed"})

    order.refresh_from_db()
    assert (order.payment, duties(now)) == (Payment.AGREED, [])
    assert AuditEvent.objects.filter(act="orders.set_payment").count() == 1
    counter.post(address(order, "order-payment"), {"payment": "open"})
    assert duties(now) == [address(order)]


def test_payment_is_the_counter_s_to_write_down(client, now):
    order = make_order(now, payment=Payment.HELP)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(address(order, "order-payment"), {"payment": "agreed"})

    order.refresh_from_db()
    assert (response.status_code, order.payment) == (403, Payment.HELP)
    with pytest.raises(PermissionDenied):
        actions.set_payment(order, Payment.AGREED, by=order.contact, at=now)


def test_payment_of_an_ended_order_stands(coordinator, now):
    order = make_order(now, state=OrderState.DECLINED, payment=Payment.OPEN)

    with pytest.raises(WrongState):
        actions.set_payment(order, Payment.AGREED, by=coordinator, at=now)


def test_database_refuses_a_sent_order_that_does_not_tell(now):
    order = make_order(now)

    for wrong in ("", "later"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(payment=wrong)


def test_need_without_money_is_counted_by_the_rule_of_figures(now):
    make_order(now, payment=Payment.HELP)
    make_draft(now, payment=Payment.HELP)
    year = Period(helsinki(now).year)

    exact, hidden = (
        [str(row.counts[0]) for row in Figures(year, viewer=who, at=now).payments().rows]
        for who in (make_coordinator(), make_steering())
    )

    assert exact == ["0", "0", "1"]
    assert len(set(hidden)) == 1  # none and few look alike
