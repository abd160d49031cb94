"""Reading orders."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.core.times import helsinki
from luukku.orders import queries
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole
from tests.factories.orders import (
    coordinator_of_orders,
    make_draft,
    make_guest_draft,
    make_order,
    make_orderer,
)

pytestmark = pytest.mark.django_db


def people(order):
    return {
        "coordinator": coordinator_of_orders(),
        "contact": order.contact,
        "colleague": make_orderer(order.organisation),
        "contact of background": make_orderer(order.organisation, role=MemberRole.BACKGROUND),
        "stranger": make_orderer(),
        "anonymous": AnonymousUser(),
    }


@pytest.mark.parametrize(
    "who", ["coordinator", "contact", "colleague", "contact of background", "stranger", "anonymous"]
)
def test_list_and_rule_agree_on_who_sees_an_order(at, who):
    user = people(make_order(at))[who]
    make_order(at)
    make_guest_draft(at)

    listed = set(Order.objects.visible_to(user))

    assert listed == {order for order in Order.objects.all() if user.has_perm("orders.view", order)}


@pytest.mark.parametrize(
    "who, count",
    [
        ("coordinator", 1),
        ("contact", 1),
        ("colleague", 1),
        ("contact of background", 0),
        ("stranger", 0),
        ("anonymous", 0),
    ],
)
def test_visible_to_shows_an_order_to_its_orderers_and_the_counter(at, who, count):
    user = people(make_order(at))[who]

    assert Order.objects.visible_to(user).count() == count


def test_nobody_has_a_rule_on_no_order():
    assert not make_orderer().has_perm("orders.view", None)


def test_in_state_and_open_calls(at):
    searching = make_order(at, state=OrderState.SEARCHING)
    closed_call = make_order(at, state=OrderState.SEARCHING, is_open_call=False)
    make_order(at)

    assert set(Order.objects.in_state(OrderState.SEARCHING)) == {searching, closed_call}
    assert set(Order.objects.open_calls(at)) == {searching}


def test_open_calls_close_after_their_last_day_in_helsinki(at):
    day = helsinki(at).date()
    order = make_order(at, state=OrderState.SEARCHING, sign_up_by=day)

    evening = helsinki(at).replace(hour=23, minute=59)

    assert list(Order.objects.open_calls(evening)) == [order]
    assert not Order.objects.open_calls(evening + timedelta(minutes=1))


def test_first_time_is_the_settled_one_else_the_earliest(at):
    order = make_order(at, days=(21, 14))
    assert queries.first_time(order).starts_at == at + timedelta(days=14)

    order.times.filter(starts_at=at + timedelta(days=21)).update(is_settled=True)

    assert queries.first_time(order).starts_at == at + timedelta(days=21)


def test_wanted_on_is_the_day_in_helsinki(at):
    late = at.replace(month=12, day=14, hour=22, minute=30)  # half past midnight in Helsinki
    order = make_order(at, times=[(late, late + timedelta(hours=1))])

    assert queries.wanted_on(order) == date(2026, 12, 15)


def test_wanted_on_of_a_draft_without_times_is_nothing(at):
    assert queries.wanted_on(make_draft(at, days=())) is None
