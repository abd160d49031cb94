"""The counter asks whether another time would suit; the orderer answers; beside each act its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from luukku.assignments import actions as assignments
from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.core.times import when
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.duties import which_order_asked
from luukku.orders.history import spans_in, timeline
from luukku.orders.models import Order, TimeQuestion
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_search
from tests.factories.orders import make_order, make_vetted_organisation

pytestmark = pytest.mark.django_db


def span(at, days=30):
    return (at + timedelta(days=days), at + timedelta(days=days, hours=1))


def ask(order, at, *times, **more):
    return actions.ask_time(order, times, by=make_coordinator(), at=at, **more)


def answered_again(asked, times, at):
    return actions.answer_time(
        asked, times, by=asked.order.contact, at=at, instead_of=asked.answered_at
    )


def test_the_same_answer_again_changes_and_tells_nothing(at):
    order = make_search(at)
    asked = actions.answer_time(ask(order, at), [span(at)], by=order.contact, at=at)

    again = answered_again(asked, [span(at)], at + timedelta(minutes=1))

    assert again.answered_at == at
    assert Letter.objects.filter(kind="orders.time_answered").count() == 1


def test_changed_answer_waits_for_the_counter_from_then_on(at):
    order = make_search(at)
    asked = actions.answer_time(ask(order, at), [span(at)], by=order.contact, at=at)

    later = at + timedelta(minutes=1)
    changed = answered_again(asked, [span(at, 40)], later)

    assert (spans_in(changed.answer), changed.answered_at) == ([span(at, 40)], later)
    with pytest.raises(actions.NotAsked):
        answered_again(asked, [], later)


def waiting(kind, at):
    """Which questions the counter's queue holds."""
    return [duty.key for duty in queue(at=at, kind=kind)]


@pytest.mark.parametrize("state", [OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING])
def test_ask_time_writes_to_the_orderer_with_the_times_proposed(at, state):
    order = make_order(at, state=state)

    asked = ask(order, at, span(at), words="Arka sana")

    letter = Letter.objects.get(kind="orders.time_asked")
    assert letter.reader == order.contact
    assert "Arka sana" not in letter.body
    with translation.override(order.contact.language):
        assert when(*span(at)) in letter.body
    assert "/l/time/" in letter.link
    assert waiting("time_asked", at) == [asked.pk]
    assert waiting("time_answered", at) == []
    assert str(timeline(order)[-1].words) == "The counter asked whether another time would suit"


def test_ask_time_may_propose_nothing(at):
    asked = ask(make_search(at), at)

    assert (asked.proposed, asked.answer) == ([], [])


@pytest.mark.parametrize("who", ["orderer", "stranger"])
def test_ask_time_is_refused_to_others(at, who):
    order = make_search(at)
    by = order.contact if who == "orderer" else make_person()

    with pytest.raises(PermissionDenied):
        actions.ask_time(order, by=by, at=at)

    assert not TimeQuestion.objects.exists()


def test_ask_time_twice_is_refused(at):
    order = make_search(at)
    ask(order, at)

    with pytest.raises(actions.AskedAlready):
        ask(order, at)

    assert TimeQuestion.objects.count() == 1


def test_ask_time_of_an_agreed_one_is_refused(at):
    order = make_agreed(at, experts_wanted=2).order

    with pytest.raises(WrongState):
        ask(order, at)


@pytest.mark.parametrize("state", [OrderState.STAFFED, OrderState.CANCELLED])
def test_ask_time_of_what_looks_for_nobody_is_refused(at, state):
    with pytest.raises(WrongState):
        ask(make_order(at, state=state), at)


def test_ask_time_where_nobody_orders_is_refused(at):
    order = make_search(at)
    order.organisation.memberships.all().delete()

    with pytest.raises(actions.NotAsked):
        ask(order, at)


def test_answer_waits_for_the_counter_and_changes_no_time(at):
    order = make_search(at)
    asked = ask(order, at, span(at))
    times = list(order.times.values_list("starts_at", "ends_at"))

    asked = actions.answer_time(asked, [span(at, 40)], by=order.contact, at=at)

    assert spans_in(asked.answer) == [span(at, 40)]
    assert list(order.times.values_list("starts_at", "ends_at")) == times
    assert (waiting("time_asked", at), waiting("time_answered", at)) == ([], [asked.pk])
    assert Letter.objects.get(kind="orders.time_answered").reader == order.contact


def test_answer_that_keeps_the_old_time_waits_for_the_counter_too(at):
    order = make_search(at)

    asked = actions.answer_time(ask(order, at), by=order.contact, at=at)

    assert asked.answer == []
    assert waiting("time_answered", at) == [asked.pk]


@pytest.mark.parametrize("who", ["stranger", "coordinator"])
def test_answer_is_refused_to_others(at, who):
    asked = ask(make_search(at), at)
    by = make_coordinator() if who == "coordinator" else make_person()

    with pytest.raises(PermissionDenied):
        actions.answer_time(asked, by=by, at=at)

    assert TimeQuestion.objects.get().answered_at is None


def test_second_answer_is_refused(at):
    order = make_search(at)
    asked = actions.answer_time(ask(order, at), [span(at)], by=order.contact, at=at)

    with pytest.raises(actions.NotAsked):
        actions.answer_time(asked, by=order.contact, at=at)

    assert spans_in(TimeQuestion.objects.get().answer) == [span(at)]


def test_answer_comes_too_late_for_a_cancelled_order(at):
    order = make_search(at)
    asked = ask(order, at)
    actions.cancel(order, whose="orderer", reason="", by=order.contact, at=at)

    with pytest.raises(WrongState):
        actions.answer_time(asked, by=order.contact, at=at)

    assert waiting("time_asked", at) == []


def test_changed_times_close_the_question(at):
    order = make_search(at)
    asked = actions.answer_time(ask(order, at), [span(at)], by=order.contact, at=at)

    actions.set_times(order, spans_in(asked.answer), by=make_coordinator(), at=at)

    assert TimeQuestion.objects.get().closed_at == at
    assert waiting("time_answered", at) == []


def test_close_time_lets_the_question_rest_and_another_be_asked(at):
    order = make_search(at)
    ask(order, at)

    actions.close_time(order, by=make_coordinator(), at=at)
    ask(order, at)

    assert TimeQuestion.objects.filter(closed_at=None).count() == 1


def test_close_time_of_what_looks_for_nobody_is_refused(at):
    order = make_search(at)
    ask(order, at)
    actions.cancel(order, whose="orderer", reason="", by=order.contact, at=at)

    with pytest.raises(WrongState):
        actions.close_time(order, by=make_coordinator(), at=at)


def test_close_time_without_a_question_is_refused(at):
    with pytest.raises(actions.NotAsked):
        actions.close_time(make_search(at), by=make_coordinator(), at=at)


def test_close_time_is_refused_to_the_orderer(at):
    order = make_search(at)
    ask(order, at)

    with pytest.raises(PermissionDenied):
        actions.close_time(order, by=order.contact, at=at)


def test_queue_calls_the_question_by_its_order(at):
    asked = ask(make_search(at, title="Vierailu"), at)

    assert which_order_asked([asked.pk])[asked.pk].title.startswith("Vierailu · ")


def test_letter_of_the_receipt_tells_what_was_given(at):
    order = make_search(at)
    actions.answer_time(ask(order, at), by=order.contact, at=at)

    with translation.override(order.contact.language):
        kept = translation.gettext("Thank you. The times stay as they are, and we go on looking.")
    assert kept in Letter.objects.get(kind="orders.time_answered").body


def test_question_is_closed_by_the_yes_of_an_expert_and_does_not_come_back(at):
    order = make_search(at, experts_wanted=2)
    asked = ask(order, at)

    task = make_agreed(at, order=order)

    assert (TimeQuestion.objects.get().closed_at, waiting("time_asked", at)) == (at, [])
    assert AuditEvent.objects.filter(act="orders.close_time", object_id=str(order.pk)).count() == 1
    with pytest.raises(actions.NotAsked):
        actions.answer_time(asked, by=order.contact, at=at)
    assignments.cancel(task, whose="expert", reason="", by=task.expert.user, at=at)
    assert waiting("time_asked", at) == []


def test_question_about_an_agreed_time_waits_for_nobody_and_takes_no_answer(at):
    order = make_search(at)
    asked = ask(order, at)
    order.times.update(is_settled=True)

    assert (waiting("time_asked", at), waiting("time_answered", at)) == ([], [])
    with pytest.raises(WrongState):
        actions.answer_time(asked, by=order.contact, at=at)


def test_question_whose_letter_has_not_left_is_not_sent_when_it_is_closed(at):
    order = make_search(at)
    ask(order, at)

    actions.close_time(order, by=make_coordinator(), at=at)

    assert not Letter.objects.filter(kind="orders.time_asked", sent_at=None).exists()


@pytest.mark.parametrize("how", ["closed", "the old ones saved"])
def test_whoever_gave_a_time_is_told_that_the_old_ones_stay(at, how):
    order = make_search(at)
    actions.answer_time(ask(order, at), [span(at, 40)], by=order.contact, at=at)

    if how == "closed":
        actions.close_time(order, by=make_coordinator(), at=at)
    else:
        actions.set_times(order, [span(at, 14)], by=make_coordinator(), at=at)

    letter = Letter.objects.get(kind="orders.times_stay")
    assert letter.reader == order.contact
    with translation.override(order.contact.language):
        assert when(*span(at, 40)) in letter.body
        assert when(*span(at, 14)) in letter.body


@pytest.mark.parametrize("answer", ["none", "the old ones", "changed"])
def test_nobody_is_told_that_times_stay_who_was_promised_nothing(at, answer):
    order = make_search(at)
    asked = ask(order, at)
    if answer == "the old ones":
        actions.answer_time(asked, by=order.contact, at=at)
    if answer == "changed":
        actions.answer_time(asked, [span(at, 40)], by=order.contact, at=at)
        actions.set_times(order, [span(at, 40)], by=make_coordinator(), at=at)
    else:
        actions.close_time(order, by=make_coordinator(), at=at)

    assert not Letter.objects.filter(kind="orders.times_stay").exists()


def test_same_times_keep_their_rows_and_close_the_question_with_a_trace(at):
    order = make_search(at, days=(14, 15))
    ask(order, at)
    keys = set(order.times.values_list("pk", flat=True))

    actions.set_times(order, [span(at, 15), span(at, 14)], by=make_coordinator(), at=at)

    assert set(order.times.values_list("pk", flat=True)) == keys
    assert TimeQuestion.objects.get().closed_at == at
    acts = AuditEvent.objects.filter(object_id=str(order.pk)).values_list("act", flat=True)
    assert ("orders.close_time" in acts, "orders.set_times" in acts) == (True, False)


@pytest.mark.parametrize("act", ["answer_time", "set_link"])
def test_right_is_asked_of_the_order_as_it_is_under_the_lock(at, act):
    """The order was read before it was given to another organisation, for which its contact does not order."""
    order = make_search(at, mode="remote")
    asked, stale = ask(order, at), Order.objects.get(pk=order.pk)
    asked.order = stale
    Order.objects.filter(pk=order.pk).update(organisation=make_vetted_organisation())

    with pytest.raises(PermissionDenied):
        if act == "answer_time":
            actions.answer_time(asked, by=order.contact, at=at)
        else:
            actions.set_link(stale, "https://meet.example.test/1", by=order.contact, at=at)
