"""An account is closed: nobody is left waiting for its owner."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.states import OfferState
from luukku.audit.models import AuditEvent
from luukku.events.states import SignUpState
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.orders.actions import NotAnOrderer
from luukku.orders.states import OrderState
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done, make_offer, make_sign_up
from tests.factories.events import make_event
from tests.factories.events import make_sign_up as make_place
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.factories.organisations import make_member

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


@pytest.fixture
def handed_on(at):
    """An order that goes on, a done one of the same organisation, and a colleague who takes both."""
    done = make_done(at - timedelta(days=30)).order
    order = make_order(at, orderer=done.contact)
    return order, done, make_member(done.organisation)


def test_close_account_hands_the_orders_to_the_named_colleague(at, handed_on):
    order, done, colleague = handed_on
    person = order.contact

    actions.close_account(
        person, by=make_admin(), at=at, successors={order.organisation_id: colleague}
    )

    assert not is_open(person)
    for one in (order, done):
        one.refresh_from_db()
        assert one.contact == colleague


@pytest.mark.parametrize("who", ["stranger", "self"])
def test_close_account_hands_orders_to_nobody_who_does_not_order(at, handed_on, who):
    order, _done, _colleague = handed_on
    successor = make_person() if who == "stranger" else order.contact

    with pytest.raises(NotAnOrderer):
        actions.close_account(
            order.contact, by=make_admin(), at=at, successors={order.organisation_id: successor}
        )

    assert is_open(order.contact)


def test_page_asks_who_takes_the_orders_over(client, at, handed_on):
    order, _done, colleague = handed_on
    client.force_login(make_admin(), backend="django.contrib.auth.backends.ModelBackend")
    page, field = (
        reverse("counter:person-close", args=[order.contact_id]),
        f"contact_{order.organisation_id}",
    )
    assert f'name="{field}"' in client.get(page).content.decode()

    empty = client.post(page, {})
    assert (empty.status_code, is_open(order.contact)) == (422, True)
    answer = client.post(page, {field: colleague.pk})

    assert answer.status_code == 303
    assert not is_open(order.contact)


def test_page_says_what_stands_in_the_way_when_nobody_else_orders(client, at):
    order = make_order(at)
    client.force_login(make_admin(), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("counter:person-close", args=[order.contact_id])

    shown, answer = client.get(page).content.decode(), client.post(page)

    main = shown[shown.index("<main") : shown.index("</main>")]
    assert (order.organisation.name in main, "<form" in main) == (True, False)
    assert (answer.status_code, is_open(order.contact)) == (422, True)


def test_close_account_leaves_what_has_been_done_as_it_is(at):
    task = make_done(at)

    actions.close_account(task.order.contact, by=make_admin(), at=at)

    task.order.refresh_from_db()
    assert (task.order.contact.is_active, task.order.state) == (False, "done")


def test_close_account_lets_go_of_places_in_events(at):
    person = make_person()
    event = make_event(at, seats=1)
    own, waiting = make_place(event, person), make_place(event, state=SignUpState.WAITING)

    actions.close_account(person, by=make_admin(), at=at)

    own.refresh_from_db(), waiting.refresh_from_db()
    assert [own.state, waiting.state] == [SignUpState.WITHDRAWN, SignUpState.CONFIRMED]
