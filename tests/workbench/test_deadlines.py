"""The deadline of an order: the queue tells it, and the database orders by the same."""

from datetime import timedelta

import pytest

from luukku.core.due_days import with_due_day
from luukku.core.times import helsinki
from luukku.orders.models import CancelledBy, Order, OrderTime
from luukku.orders.states import OrderState
from luukku.workbench.queries import deadlines, due_day
from tests.factories.assignments import make_agreed
from tests.factories.orders import make_order, make_series

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAITING = (OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING)


def days_in_sql(at):
    return dict(Order.objects.annotate(day=due_day(at=at)).values_list("pk", "day"))


def days_of_queue(at):
    told = deadlines(Order.objects.all(), at=at)
    return {pk: helsinki(told[pk]).date() if pk in told else None for pk in days_in_sql(at)}


@pytest.mark.parametrize("state", WAITING)
def test_database_has_the_day_that_the_queue_tells(at, state):
    rows = [make_order(at, state=state) for _n in range(12)]
    for n, order in enumerate(
        rows
    ):  # over two weeks' ends, Independence Day and Christmas, late hours too
        since = at + timedelta(days=2 * n + 1, hours=n)
        Order.objects.filter(pk=order.pk).update(sent_at=since, state_changed_at=since)
        OrderTime.objects.filter(order=order).update(
            starts_at=at + timedelta(days=3 * n + 5, hours=13),
            ends_at=at + timedelta(days=3 * n + 5, hours=14),
        )
    later = at + timedelta(days=3)

    told = days_of_queue(later)

    assert days_in_sql(later) == told
    assert len(set(told.values())) > 5


def test_expert_who_cancelled_a_series_and_what_waits_for_nobody_have_the_queue_s_day(at):
    task = make_agreed(at)
    make_series(at)
    make_order(at, state=OrderState.DECLINED)
    Order.objects.filter(pk=task.order_id).update(state=OrderState.SEARCHING)
    type(task).objects.filter(pk=task.pk).update(
        state="cancelled", cancelled_by=CancelledBy.EXPERT, state_changed_at=at + timedelta(days=1)
    )

    told = days_of_queue(at)

    assert days_in_sql(at) == told
    assert (
        sum(day is None for day in told.values()) == 3
    )  # two dates of the series, and what was declined


def test_rows_that_name_their_deadline_are_refused(at):
    with pytest.raises(ValueError, match="silent"):
        with_due_day("silent", at=at)
