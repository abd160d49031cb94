"""What waits for the counter of orders."""

from datetime import timedelta

import pytest

from luukku.core.duty import call, queue
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_draft, make_order, make_orderer

pytestmark = pytest.mark.django_db


def of(kind, at):
    return [duty.pk for duty in queue(at=at, kind=kind)]


def test_draft_begun_at_the_counter_is_finished_there_one_of_a_colleague_is_not(at):
    orderer, colleague = make_orderer(), make_orderer()
    by_phone, own = make_draft(at, orderer=orderer), make_draft(at, orderer=orderer)
    by_phone.made_by, own.made_by = make_coordinator(), colleague
    for draft in (by_phone, own):
        draft.save()

    assert of("draft", at) == [by_phone.pk]


def test_order_is_read_by_its_promise_and_then_waits_for_its_search(at):
    order = make_order(at)

    ((duty, called),) = call(queue(at=at, kind="order"))

    assert (duty.pk, called.title) == (order.pk, f"{order.title} · {order.organisation.name}")
    assert at < duty.due < at + timedelta(days=7)
    assert of("search", at) == []
