"""The orderer is told the day by which the counter's queue wants the order read."""

from datetime import UTC, datetime

import pytest
from django.utils.formats import date_format

from luukku.core.duty import queue
from luukku.orders.notices import OrderReceived
from luukku.orders.queries import next_step, read_by
from luukku.orders.states import OrderState
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sent_at, due",
    [
        (datetime(2026, 11, 25, 8, tzinfo=UTC), datetime(2026, 11, 27, 14, tzinfo=UTC)),
        (datetime(2026, 11, 27, 8, tzinfo=UTC), datetime(2026, 12, 1, 14, tzinfo=UTC)),  # Friday
        (
            datetime(2026, 12, 23, 8, tzinfo=UTC),
            datetime(2026, 12, 29, 14, tzinfo=UTC),
        ),  # Christmas
    ],
)
def test_orderer_hears_the_day_of_the_queue(sent_at, due):
    order = make_order(sent_at)

    (duty,) = queue(at=sent_at, kind="order")

    assert (read_by(order), duty.due) == (due, due)
    day = date_format(due, "SHORT_DATE_FORMAT")
    assert day in str(next_step(order))
    assert any(day in line for line in OrderReceived(order=order).lines())


def test_order_that_has_been_read_promises_no_reading():
    order = make_order(datetime(2026, 11, 25, 8, tzinfo=UTC), state=OrderState.ACCEPTED)

    assert date_format(read_by(order), "SHORT_DATE_FORMAT") not in str(next_step(order))
