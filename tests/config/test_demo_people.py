"""Demo people: the same for the same seed, and enough of them to see every desk, state and duty."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction

from luukku.accounts.models import User
from luukku.config.demo import DOMAIN, PASSWORD, SIGN_IN, demo
from luukku.config.scenarios import load
from luukku.core.duty import KINDS, queue
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.notices.actions import send_outbox
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole, Membership, Organisation
from luukku.organisations.states import OrganisationState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Undo(Exception):
    """Makes the database forget a round."""


def invented(seed, at, *, experts=60, orders=36):
    """Return what one round makes, then forget it."""
    seen = {}
    try:
        with transaction.atomic():
            load(demo(seed, at, experts=experts, orders=orders))
            seen["people"] = list(User.objects.order_by("pk").values_list("name", "email"))
            seen["codes"] = list(Expert.objects.order_by("pk").values_list("code_name", "state"))
            seen["orders"] = list(Order.objects.order_by("pk").values_list("title", "state"))
            raise Undo
    except Undo:
        return seen


def test_demo_is_the_same_for_the_same_seed_and_another_for_another(now):
    first = invented(7, now, experts=6, orders=6)

    assert invented(7, now, experts=6, orders=6) == first
    assert invented(8, now, experts=6, orders=6) != first


@pytest.mark.parametrize("later", [0, 1, 2, 3, 4, 30, 100])
def test_demo_has_an_order_in_every_state_whatever_the_day(now, later):
    document = demo(2021, now + timedelta(days=later), experts=60, orders=36)

    assert {row["state"] for row in document["orders"]} == set(OrderState)
    asked = [row.get("offers", []) for row in document["orders"]]
    first = [one for offers in asked for one in offers if one["expert"] == "kokemus1"]
    assert [one.get("answer", "waits") for one in first] == ["accepted"] * 3 + ["waits"]


def test_demo_s_counter_keeps_its_promises_almost_always(now):
    load(demo(2021, now - timedelta(hours=14), experts=60, orders=36))
    send_outbox(at=now)  # the worker has been at work: what comes too late is told no more

    for evening in (now, now + timedelta(hours=17)):  # from midnight till five in the afternoon
        late = [
            (duty.kind, str(duty.since)[:16], str(duty.due)[:16])
            for duty in queue(at=evening)
            if duty.is_late(evening)
        ]
        assert len(late) <= 8, (
            late
        )  # a tenth of some eighty: letters to read out wait a working day


def test_demo_shows_every_state_duty_and_role(now):
    load(demo(2021, now, experts=60, orders=36))

    coordinator = User.objects.get(email=SIGN_IN["coordinator"])
    assert {duty.kind for duty in queue(at=now)} == set(KINDS)
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState)
    assert set(Expert.objects.values_list("state", flat=True)) == set(ExpertState)
    assert set(Organisation.objects.values_list("state", flat=True)) == set(OrganisationState)
    assert set(Membership.objects.values_list("role", flat=True)) == set(MemberRole)
    assert Expert.objects.filter(is_paused=True).exists()
    assert Expert.objects.filter(user__email=None, state=ExpertState.ACTIVE).exists()
    on_paper = User.objects.filter(email=None, is_machine=False)
    assert [one for one in on_paper if not coordinator.has_perm("accounts.give_email", one)] == []
    for email in SIGN_IN.values():
        assert email.endswith(DOMAIN)
        assert authenticate(username=email, password=PASSWORD) is not None, email
    many = User.objects.get(email=SIGN_IN["several roles"])
    assert many.memberships.values("organisation").distinct().count() == 2
    assert Expert.objects.filter(user=many).exists()
