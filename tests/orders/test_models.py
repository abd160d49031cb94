"""What the database refuses, and names for logs that give nobody away."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from luukku.orders import actions
from luukku.orders.models import GuestSender, Order, OrderTime
from luukku.orders.states import OrderState
from tests.factories.orders import make_draft, make_guest_draft, make_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"experts_wanted": 0},
        {"experts_wanted": 21},
        {"length_minutes": 0},
        {"length_minutes": 1441},
        {"audience_size": 0},
        {"fee_eur": Decimal("-0.01")},
        {"mode": "moon"},
        {"recording": "x"},
        {"state": "lost"},
        {"title": ""},
        {"organisation": None},
        {"contact": None},
        {"task_type": None},
        {"sent_at": None},
        {"municipality": None},
        {"state": OrderState.CANCELLED},
    ],
)
def test_database_refuses_a_sent_order_that_makes_no_sense(at, fields):
    order = make_order(at)

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**fields)


def test_database_refuses_a_decision_by_nobody(at):
    order = make_order(at)

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(decided_at=at)


@pytest.mark.parametrize("minutes", [0, -60])
def test_database_refuses_a_time_that_ends_before_it_starts(at, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderTime.objects.create(
            order=make_draft(at), starts_at=at, ends_at=at + timedelta(minutes=minutes)
        )


def test_database_refuses_two_settled_times(at):
    order = make_order(at, days=(14, 21))

    with pytest.raises(IntegrityError), transaction.atomic():
        order.times.update(is_settled=True)


def test_names_for_logs_give_no_theme_and_no_person_away(at):
    order = make_order(at, state=OrderState.NOT_FOUND, title="Vierailu", themes=("depression",))
    guest = actions.ask_confirmation(
        make_guest_draft(at),
        name="Veera Vieras",
        email="veera@example.test",
        phone="",
        language="fi",
        organisation_name="Koulu",
        organisation_kind="school",
        at=at,
    )

    assert str(order) == f"#{order.pk} Vierailu"
    assert str(order.order_themes.get()) == f"{order.pk}: {order.order_themes.get().theme_id}"
    assert str(order.times.get()) == "2026-12-15 10:00"
    assert str(GuestSender.objects.get()) == f"guest of order {guest.order_id}"
    assert str(order.unmet.get()) == f"order {order.pk}: theme"
