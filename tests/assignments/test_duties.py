"""What waits for the counter while an expert is looked for, and what it is called in the queue."""

from datetime import timedelta

import pytest

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.core.duty import Called, call, queue
from luukku.orders.models import CancelledBy
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.assignments import (
    ANSWER_TIME,
    make_agreed,
    make_offer,
    make_search,
    make_sign_up,
)

pytestmark = pytest.mark.django_db


def called(kind, at):
    return [(duty.pk, called) for duty, called in call(queue(at=at, kind=kind))]


def test_search_is_called_by_its_order(at):
    order = make_search(at)

    assert called("staffing", at) == [(order.pk, Called(f"{order.title} · {order.organisation}"))]


def test_order_whose_expert_cancelled_is_called_by_itself(at):
    task = make_agreed(at)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)
    order = task.order

    assert called("replacement", at) == [
        (order.pk, Called(f"{order.title} · {order.organisation}"))
    ]
    assert called("staffing", at) == []


def test_sign_up_is_called_by_the_expert_and_the_order(at):
    offer = make_sign_up(at)

    assert called("sign_up", at) == [
        (offer.order_id, Called(f"{offer.expert.code_name} · {offer.order.title}"))
    ]


def test_silent_expert_without_an_address_is_called_with_their_number(at):
    offer = make_offer(at)
    user = offer.expert.user
    User.objects.filter(pk=user.pk).update(email=None)

    early, near = (called("silent", at + ANSWER_TIME - timedelta(days=n)) for n in (3, 1))

    title = f"{offer.expert.code_name} · {offer.order.title}"
    assert (early, near) == ([], [(offer.order_id, Called(title, user.name, user.phone))])


def test_silent_expert_with_an_address_is_called_only_after_a_yes_to_calls(at):
    offer, other = make_offer(at), make_offer(at)
    person = other.expert.user

    set_consents(person, {Purpose.IN_BANK}, by=person, at=at)

    near = at + ANSWER_TIME - timedelta(days=1)
    assert [pk for pk, _called in called("silent", near)] == [offer.order_id]
