"""``moving`` and ``acting``: lock, rule, state, save, audit; all or nothing."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from luukku.assignments import actions as assignments
from luukku.assignments.states import DECLINE, OfferState
from luukku.audit.models import AuditEvent
from luukku.orders import actions as orders
from luukku.orders.models import Order
from luukku.orders.states import ACCEPT, ASK_CHANGE, OrderState
from luukku.workflow.actions import WrongState, acting, moving
from luukku.workflow.states import MOVES, Move
from tests import patience
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def acts():
    return list(AuditEvent.objects.order_by("id").values_list("act", flat=True))


def test_move_saves_state_time_and_what_the_caller_changed_and_remembers_it(at):
    order, counter, later = make_order(at), make_coordinator(), at + timedelta(hours=1)

    with moving(order, ACCEPT, by=counter, at=later, data={"places": 2}) as locked:
        locked.title = "Changed"

    order.refresh_from_db()
    assert (order.state, order.state_changed_at, order.title) == (
        OrderState.ACCEPTED,
        later,
        "Changed",
    )
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.actor_id, event.on_behalf_of_id, event.at) == (
        "orders.accept",
        counter.pk,
        None,
        later,
    )
    assert (event.object_type, event.object_id) == ("orders.order", str(order.pk))
    assert event.data == {"from": "sent", "to": "accepted", "places": 2}


def test_data_cannot_hide_the_states(at):
    order = make_order(at)

    with moving(order, ACCEPT, by=make_coordinator(), at=at, data={"to": "closed"}):
        pass

    assert AuditEvent.objects.latest("id").data["to"] == "accepted"


def test_move_hands_out_the_row_as_it_is_now_not_as_it_was_read(at):
    order = make_order(at)
    Order.objects.filter(pk=order.pk).update(title="Newer")

    with moving(order, ACCEPT, by=make_coordinator(), at=at) as locked:
        title = locked.title

    assert title == "Newer"
    assert Order.objects.get(pk=order.pk).title == "Newer"


def test_move_without_the_rule_is_denied_and_changes_nothing(at):
    order, before = make_order(at), acts()

    with pytest.raises(PermissionDenied, match=r"orders\.accept"):
        move(order, ACCEPT, by=make_person(), at=at)

    order.refresh_from_db()
    assert order.state == OrderState.SENT
    assert acts() == before


def move(order, which, **fields):
    with moving(order, which, **fields) as locked:
        return locked


def test_move_from_another_state_is_refused_and_says_what_happened(at):
    order, counter = make_order(at), make_coordinator()
    move(order, ACCEPT, by=counter, at=at)
    before = acts()

    with pytest.raises(
        WrongState, match=f"orders.accept: orders.Order {order.pk} is accepted"
    ) as caught:
        move(order, ACCEPT, by=counter, at=at + timedelta(hours=1))

    assert (caught.value.obj, caught.value.act) == (order, ACCEPT)
    order.refresh_from_db()
    assert order.state_changed_at == at
    assert acts() == before


def test_permission_is_asked_before_the_state(at):
    """Who may not act does not learn where the object stands."""
    order = make_order(at, state=OrderState.ACCEPTED)

    with pytest.raises(PermissionDenied):
        move(order, ACCEPT, by=make_person(), at=at)


def test_failure_inside_the_move_undoes_all_of_it(at):
    order, before = make_order(at), acts()

    with pytest.raises(ZeroDivisionError):
        fail_inside(order, at)

    order.refresh_from_db()
    assert order.state == OrderState.SENT
    assert order.title != "Changed"
    assert acts() == before


def fail_inside(order, at):
    with moving(order, ACCEPT, by=make_coordinator(), at=at) as locked:
        locked.title = "Changed"
        locked.save()
        raise ZeroDivisionError


@pytest.fixture
def offer(at):
    """An offer: its expert answers it, the counter only in the expert's name."""
    order, counter = make_order(at), make_coordinator()
    orders.accept(order, by=counter, at=at)
    assignments.open_search(order, by=counter, at=at)
    expert = make_expert(user=make_person(email=""), at=at)
    return assignments.propose(order, expert, by=counter, at=at, answer_by=at + timedelta(days=2))


def test_counter_uses_the_right_of_whom_it_acts_for_and_the_record_says_so(at, offer):
    counter, person = make_coordinator(), offer.expert.user

    move(offer, DECLINE, by=counter, at=at, on_behalf_of=person)

    event = AuditEvent.objects.get(act="assignments.decline")
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, person.pk)
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED


@pytest.mark.parametrize(
    "who",
    [
        "counter for nobody",
        "counter for a stranger",
        "stranger for the expert",
        "stranger for a stranger",
    ],
)
def test_acting_for_somebody_needs_the_counter_and_their_right(at, offer, who):
    by, _for, whom = who.partition(" for ")
    people = {"nobody": None, "a stranger": make_person(), "the expert": offer.expert.user}

    with pytest.raises(PermissionDenied):
        move(
            offer,
            DECLINE,
            by=make_coordinator() if by == "counter" else make_person(),
            at=at,
            on_behalf_of=people[whom],
        )

    offer.refresh_from_db()
    assert offer.state == OfferState.PROPOSED


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_moves_and_the_others_are_told(at):
    order, counter = make_order(at), make_coordinator()
    start, results = threading.Barrier(8), []

    def work():
        try:
            start.wait()
            move(order, ACCEPT, by=counter, at=at)
            results.append("moved")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience.SECONDS)

    assert sorted(results) == ["WrongState"] * 7 + ["moved"]
    assert AuditEvent.objects.filter(act="orders.accept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_locked_row_can_still_be_pointed_at(at):
    """The check of a foreign key waits for a full lock, not for the one that a move takes."""
    order = make_order(at)
    other = connection.copy()
    try:
        with moving(order, ACCEPT, by=make_coordinator(), at=at), other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute("SELECT id FROM orders_order WHERE id = %s FOR KEY SHARE", [order.pk])
            assert cursor.fetchone() == (order.pk,)
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_row_is_locked_until_the_move_is_over(at):
    order = make_order(at)
    other = connection.copy()
    try:
        with moving(order, ACCEPT, by=make_coordinator(), at=at), other.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM orders_order WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
                [order.pk],
            )
            assert cursor.fetchall() == []
    finally:
        other.close()


def test_move_belongs_to_the_transaction_around_it(at):
    order = make_order(at)

    with transaction.atomic():
        move(order, ACCEPT, by=make_coordinator(), at=at)
        transaction.set_rollback(True)

    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_two_moves_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"Two acts are called orders\.accept"):
        Move("orders.accept", frozenset({"a"}), "b")

    assert MOVES["orders.accept"] is ACCEPT


def act_on(order, **fields):
    with acting(order, ASK_CHANGE, **fields) as locked:
        locked.time_questions.create(asked_by=fields["by"], asked_at=fields["at"])


def test_act_leaves_the_state_and_remembers_what_the_caller_says_of_it(at):
    order, said = make_order(at), {}

    with acting(order, ASK_CHANGE, by=order.contact, at=at, data=said) as locked:
        said["request"] = 7

    order.refresh_from_db()
    event = AuditEvent.objects.latest("id")
    assert (locked, order.state, order.state_changed_at) == (order, OrderState.SENT, at)
    assert (event.act, event.actor_id, event.object_id) == (
        "orders.ask_change", order.contact_id, str(order.pk),
    )  # fmt: skip
    assert event.data == {"request": 7}


def test_act_is_denied_and_refused_as_the_locked_row_stands(at):
    """The right hangs on the organisation, which a joining changes after the page was read."""
    order, before = make_order(at), acts()
    Order.objects.filter(pk=order.pk).update(organisation=make_organisation(at=at))
    with pytest.raises(PermissionDenied):
        act_on(order, by=order.contact, at=at)

    Order.objects.filter(pk=order.pk).update(
        organisation=order.organisation, state=OrderState.DECLINED
    )
    with pytest.raises(PermissionDenied):
        act_on(order, by=make_person(), at=at)
    with pytest.raises(WrongState):
        act_on(order, by=order.contact, at=at)
    assert not order.time_questions.exists()
    assert acts() == before


def test_failure_inside_the_act_undoes_all_of_it(at):
    order, before = make_order(at), acts()

    with (
        pytest.raises(ZeroDivisionError),
        acting(order, ASK_CHANGE, by=order.contact, at=at) as row,
    ):
        row.time_questions.create(asked_by=order.contact, asked_at=at)
        raise ZeroDivisionError

    assert not order.time_questions.exists()
    assert acts() == before
