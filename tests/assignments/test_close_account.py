"""An account is closed: nobody is left waiting for its owner."""

import pytest
from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.states import OfferState
from luukku.audit.models import AuditEvent
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.orders.states import OrderState
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done, make_offer, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


def is_open(person):
    return User.objects.get(pk=person.pk).is_active


def test_close_account_of_an_expert_leaves_the_bank(at):
    expert = make_expert(at=at)
    offer, sign_up = make_offer(at, expert=expert), make_sign_up(at, expert=expert)

    actions.close_account(expert.user, by=make_admin(), at=at)

    assert not is_open(expert.user)
    assert Expert.objects.get(pk=expert.pk).state == ExpertState.LEFT
    for one in (offer, sign_up):
        one.refresh_from_db()
        assert one.state == OfferState.WITHDRAWN
    left = AuditEvent.objects.get(act="experts.leave")
    assert left.actor_id == User.objects.machine().pk


def test_close_account_waits_until_agreed_tasks_are_cancelled(at):
    task = make_agreed(at)

    with pytest.raises(actions.TasksAhead):
        actions.close_account(task.expert.user, by=make_admin(), at=at)

    assert is_open(task.expert.user)


def test_close_account_waits_until_orders_have_ended(at):
    order = make_order(at)

    with pytest.raises(actions.OrdersOpen):
        actions.close_account(order.contact, by=make_admin(), at=at)

    assert is_open(order.contact)


@pytest.mark.parametrize("make", [
    lambda at: make_person(),
    lambda at: make_order(at, state=OrderState.CLOSED).contact,
    lambda at: make_done(at).expert.user,
    lambda at: make_expert(at=at, state=ExpertState.DRAFT).user,
])  # fmt: skip
def test_close_account_of_whom_nobody_waits_for(at, make):
    person = make(at)

    actions.close_account(person, by=make_admin(), at=at)

    assert not is_open(person)


def test_close_account_is_for_administrators(at):
    expert = make_expert(at=at)

    with pytest.raises(PermissionDenied):
        actions.close_account(expert.user, by=make_coordinator(), at=at)

    assert is_open(expert.user)
    assert Expert.objects.get(pk=expert.pk).state == ExpertState.ACTIVE
