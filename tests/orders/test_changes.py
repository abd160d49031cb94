"""An orderer asks for a change in a sent order; the counter answers; nothing is done to the order by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.models import ChangeRequest, Order
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_draft, make_order, make_orderer
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
WORDS = "Ryhmä kasvoi 40 hengen kokoiseksi."


def letters(kind):
    return {letter.reader for letter in Letter.objects.filter(kind=kind)}


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_change_is_asked_for_in_every_state_from_sent_to_agreed(at, state):
    order = make_order(at, state=state)

    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)

    order.refresh_from_db()
    assert (asked.words, asked.asked_by, asked.answered_at, order.state) == (
        WORDS, order.contact, None, state,
    )  # fmt: skip
    assert letters("orders.change_received") == {order.contact}
    assert AuditEvent.objects.get(act="orders.ask_change").data == {"request": asked.pk}


@pytest.mark.parametrize("state", [OrderState.DECLINED, OrderState.CANCELLED, OrderState.NOT_FOUND])
def test_change_of_an_order_that_has_ended_is_refused(at, state):
    order = make_order(at, state=state)

    with pytest.raises(WrongState):
        actions.ask_change(order, WORDS, by=order.contact, at=at)


def test_change_of_a_draft_is_refused(at):
    order = make_draft(at)

    with pytest.raises(WrongState):
        actions.ask_change(order, WORDS, by=order.contact, at=at)


def test_whose_organisation_is_another_s_by_now_asks_for_nothing(at):
    """The order as it was read is the asker's still."""
    order = make_order(at)
    Order.objects.filter(pk=order.pk).update(organisation=make_organisation(at=at))

    with pytest.raises(PermissionDenied):
        actions.ask_change(order, WORDS, by=order.contact, at=at)


@pytest.mark.parametrize("who", ["stranger", "coordinator"])
def test_only_who_orders_asks_for_a_change(at, who):
    by = make_coordinator() if who == "coordinator" else make_orderer()

    with pytest.raises(PermissionDenied):
        actions.ask_change(make_order(at), WORDS, by=by, at=at)

    assert ChangeRequest.objects.count() == 0


def test_answer_reaches_the_contact_person_and_who_asked(at):
    order = make_order(at)
    colleague = make_orderer(order.organisation)
    asked = actions.ask_change(order, WORDS, by=colleague, at=at)

    actions.answer_change(asked, "Muutettu.", by=make_coordinator(), at=at)

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == ("Muutettu.", at)
    assert letters("orders.change_answered") == {order.contact, colleague}


def test_answer_does_not_reach_who_has_left_the_organisation(at):
    order = make_order(at)
    colleague = make_orderer(order.organisation)
    asked = actions.ask_change(order, WORDS, by=colleague, at=at)
    colleague.memberships.all().delete()

    actions.answer_change(asked, "Muutettu.", by=make_coordinator(), at=at)

    assert letters("orders.change_answered") == {order.contact}


def test_answer_goes_to_a_colleague_of_a_contact_person_who_has_left(at):
    order = make_order(at)
    gone, colleague = order.contact, make_orderer(order.organisation)
    asked = actions.ask_change(order, WORDS, by=gone, at=at)
    gone.memberships.all().delete()

    actions.answer_change(asked, "Muutettu.", by=make_coordinator(), at=at)

    assert letters("orders.change_answered") == {colleague}


def test_second_answer_is_refused(at):
    order, counter = make_order(at), make_coordinator()
    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)
    actions.answer_change(asked, "Muutettu.", by=counter, at=at)

    with pytest.raises(actions.AnsweredAlready):
        actions.answer_change(asked, "Toinen.", by=counter, at=at)

    asked.refresh_from_db()
    assert asked.answer == "Muutettu."


def test_only_the_counter_answers(at):
    order = make_order(at)
    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)

    with pytest.raises(PermissionDenied):
        actions.answer_change(asked, "Itse.", by=order.contact, at=at)


def test_letters_hold_nothing_of_what_was_written(at):
    order = make_order(at)
    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)
    actions.answer_change(asked, "Muutettu.", by=make_coordinator(), at=at)

    said = [
        f"{letter.subject} {letter.body}"
        for letter in Letter.objects.filter(kind__contains="change")
    ]

    assert len(said) == 2
    assert [words for words in said if WORDS in words or "Muutettu." in words] == []


def test_words_lie_encrypted(at):
    order = make_order(at)
    actions.ask_change(order, WORDS, by=order.contact, at=at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM orders_changerequest")
        [stored] = cursor.fetchone()

    assert WORDS not in stored


def test_request_waits_in_the_queue_until_it_is_answered_or_the_order_ends(at):
    order = make_order(at, state=OrderState.SEARCHING)
    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)

    [duty] = queue(at=at, kind="order_change")
    # Asked on Tuesday 1 December: the second working day after.
    assert (duty.due - at, duty.is_late(at)) == (timedelta(days=2, hours=4), False)
    assert str(asked.pk) in duty.url

    actions.answer_change(asked, "Muutettu.", by=make_coordinator(), at=at)
    assert queue(at=at, kind="order_change") == []


@pytest.mark.parametrize("who", ["contact", "stranger", "coordinator"])
def test_requests_are_seen_by_whoever_sees_the_order(at, who):
    order = make_order(at)
    asked = actions.ask_change(order, WORDS, by=order.contact, at=at)
    user = {
        "contact": order.contact,
        "stranger": make_orderer(),
        "coordinator": make_coordinator(),
    }[who]

    seen = set(ChangeRequest.objects.visible_to(user))

    assert seen == ({asked} if user.has_perm("orders.view", order) else set())
