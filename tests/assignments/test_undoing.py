"""What the counter has just done can be taken back wholly while its letters wait."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from luukku.assignments import actions
from luukku.assignments.actions.undoing import TABLES
from luukku.assignments.models import Assignment, Offer, Undo, Via
from luukku.audit.models import AuditEvent
from luukku.core.rows import images
from luukku.matching.models import Supply
from luukku.notices.actions import send_outbox
from luukku.notices.models import HELD, Letter
from luukku.orders.models import CancelledBy, Failure
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def worker():
    return make_coordinator()


def world():
    """Every row of an order's tables, as the database holds it, and what matching reads of tasks."""
    supply = Supply.objects.order_by("expert", "theme").values_list("expert", "theme", "tasks")
    return {model.__name__: images(model.objects.all()) for model in TABLES} | {
        "supply": list(supply)
    }


def yes_by_phone(at, worker):
    """One of two asked experts says yes on the phone: the order is staffed, the other is thanked."""
    order = make_search(at)
    first, _second = make_offer(at, order=order), make_offer(at, order=order)
    return order, lambda when: actions.accept(
        first, by=worker, at=when, via=Via.COUNTER, on_behalf_of=first.expert.user
    )


def late_yes(at, worker):
    offer = make_offer(at)
    actions.decline(offer, by=offer.expert.user, at=at)
    return offer.order, lambda when: actions.accept_after_all(
        offer, by=worker, at=when, via=Via.COUNTER, on_behalf_of=offer.expert.user
    )


def chosen_sign_up(at, worker):
    offer = make_sign_up(at, is_open_call=True)
    return offer.order, lambda when: actions.accept(offer, by=worker, at=when, via=Via.COUNTER)


def no_by_phone(at, worker):
    offer = make_offer(at)
    return offer.order, lambda when: actions.decline(
        offer, by=worker, at=when, on_behalf_of=offer.expert.user
    )


def taken_back_offer(at, worker):
    offer = make_offer(at)
    return offer.order, lambda when: actions.withdraw(offer, by=worker, at=when)


def two_asked(at, worker):
    order, experts = make_search(at), [make_expert(at=at), make_expert(at=at)]

    def ask(when):
        for expert in experts:
            actions.propose(order, expert, by=worker, at=when, answer_by=when + timedelta(days=5))

    return order, ask


def cancelled_task(at, worker):
    task = make_agreed(at)
    return task.order, lambda when: actions.cancel(
        task,
        whose=CancelledBy.EXPERT,
        reason="Sairastui",
        by=worker,
        at=when,
        on_behalf_of=task.expert.user,
    )


def one_expert_fewer(at, worker):
    order = make_search(at, experts_wanted=2)
    task = make_agreed(at, order=order)
    make_agreed(at, order=order)
    return order, lambda when: actions.cancel(
        task,
        whose=CancelledBy.ORDERER,
        reason="",
        by=worker,
        at=when,
        on_behalf_of=order.contact,
        is_replaced=False,
    )


def cancelled_order(at, worker):
    order = make_search(at, experts_wanted=2)
    make_agreed(at, order=order)
    make_offer(at, order=order)
    return order, lambda when: actions.cancel_order(
        order, whose=CancelledBy.COUNTER, reason="Kurssi siirtyi", by=worker, at=when
    )


def given_up(at, worker):
    order = make_search(at, experts_wanted=2)
    make_agreed(at, order=order)
    make_offer(at, order=order)
    return order, lambda when: actions.give_up(order, failure=Failure.NO_YES, by=worker, at=when)


ACTS = [
    yes_by_phone,
    late_yes,
    chosen_sign_up,
    no_by_phone,
    taken_back_offer,
    two_asked,
    cancelled_task,
    one_expert_fewer,
    cancelled_order,
    given_up,
]


@pytest.mark.parametrize("arrange", ACTS, ids=lambda arrange: arrange.__name__)
def test_undo_makes_everything_stand_as_before_and_no_letter_leaves(at, worker, arrange):
    order, act = arrange(at, worker)
    send_outbox(at=at)
    before, sent, when = world(), len(mail.outbox), at + timedelta(minutes=5)
    with actions.undoable(order, by=worker, at=when):
        act(when)
    assert world() != before
    last = when + HELD - timedelta(seconds=1)
    send_outbox(at=last)

    actions.undo(Undo.objects.get(), by=worker, at=last)

    assert world() == before
    assert not Undo.objects.exists()
    send_outbox(at=when + timedelta(hours=1))
    assert len(mail.outbox) == sent
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.act, event.object_id) == ("assignments.undo", str(order.pk))


@pytest.fixture
def agreed(at, worker):
    """A yes that was written down at ``at``, and how it could be taken back."""
    order, act = yes_by_phone(at, worker)
    send_outbox(at=at)
    with actions.undoable(order, by=worker, at=at):
        act(at)
    return Assignment.objects.get()


def test_letters_leave_and_stand_on_the_desk_when_the_moment_is_over(at, agreed):
    told = Letter.objects.filter(kind="assignments.agreed")
    before, after = at + HELD - timedelta(seconds=1), at + HELD

    assert send_outbox(at=before)["sent"] == 0
    assert {letter.not_before_at for letter in told} == {after}
    assert (
        send_outbox(at=after)["sent"] == 3
    )  # to both, and thanks to the one who was asked in vain


def test_undo_comes_too_late_when_the_moment_is_over(at, worker, agreed):
    before = world()

    with pytest.raises(actions.NotUndone):
        actions.undo(Undo.objects.get(), by=worker, at=at + HELD)

    assert world() == before


def test_undo_comes_too_late_when_somebody_has_acted_on_it(at, worker, agreed):
    actions.cancel(
        agreed,
        whose=CancelledBy.EXPERT,
        reason="",
        by=agreed.expert.user,
        at=at + timedelta(seconds=2),
    )
    before = world()

    with pytest.raises(actions.NotUndone):
        actions.undo(Undo.objects.get(), by=worker, at=at + timedelta(seconds=3))

    assert world() == before


def test_undo_of_a_cancelled_task_fails_when_the_expert_has_another_task_then(at, worker):
    order, act = cancelled_task(at, worker)
    task = order.assignments.get()
    when, later = at + timedelta(minutes=5), at + timedelta(minutes=5, seconds=3)
    with actions.undoable(order, by=worker, at=when):
        act(when)
    other = make_offer(when, expert=task.expert)
    actions.accept(other, by=task.expert.user, at=later, via=Via.DESK)
    before = world()

    with pytest.raises(actions.NotUndone):
        actions.undo(Undo.objects.get(), by=worker, at=later)

    assert world() == before


def test_undo_keeps_what_others_did_to_the_order_before(at, worker):
    """Only what the act itself has changed is put back."""
    order = make_search(at, experts_wanted=2)
    first, second = make_offer(at, order=order), make_offer(at, order=order)
    with actions.undoable(order, by=worker, at=at):
        actions.decline(first, by=worker, at=at, on_behalf_of=first.expert.user)
    actions.decline(second, by=second.expert.user, at=at + timedelta(seconds=1))

    actions.undo(Undo.objects.get(), by=worker, at=at + timedelta(seconds=2))

    states = dict(Offer.objects.values_list("pk", "state"))
    assert states == {first.pk: "proposed", second.pk: "declined"}


def test_only_the_one_who_did_it_takes_it_back(at, agreed):
    before = world()

    with pytest.raises(PermissionDenied):
        actions.undo(Undo.objects.get(), by=make_coordinator(), at=at)

    assert world() == before


@pytest.mark.parametrize("who", ["worker", "another worker", "the expert", "the orderer"])
def test_undo_list_and_rule_agree(at, worker, agreed, who):
    person = {
        "worker": worker,
        "another worker": make_coordinator(),
        "the expert": agreed.expert.user,
        "the orderer": agreed.order.contact,
    }[who]

    seen = set(Undo.objects.visible_to(person))

    assert seen == {u for u in Undo.objects.all() if person.has_perm("assignments.undo", u)}
    assert bool(seen) == (who == "worker")


def test_act_that_is_refused_leaves_nothing_to_take_back(at, worker):
    offer = make_offer(at)
    actions.withdraw(offer, by=worker, at=at)

    with pytest.raises(WrongState), actions.undoable(offer.order, by=worker, at=at):
        actions.withdraw(offer, by=worker, at=at)

    assert not Undo.objects.exists()


def test_undos_are_forgotten(at, agreed):
    assert actions.forget_undos(before=at + HELD) == 0
    assert actions.forget_undos(before=at + HELD + timedelta(seconds=1)) == 1


def test_search_on_which_somebody_has_been_asked_stays_open(at, worker):
    order, expert = make_order(at, state=OrderState.ACCEPTED), make_expert(at=at)
    with actions.undoable(order, by=worker, at=at):
        actions.open_search(order, by=worker, at=at)
    made = Undo.objects.get()
    actions.propose(order, expert, by=worker, at=at, answer_by=at + timedelta(days=5))
    was = world()

    with pytest.raises(actions.NotUndone):
        actions.undo(made, by=worker, at=at)

    assert world() == was
    order.refresh_from_db()
    assert order.state == OrderState.SEARCHING


def test_open_search_is_taken_back_while_nothing_stands_on_it(at, worker):
    order, when = make_order(at, state=OrderState.ACCEPTED), at + timedelta(minutes=5)
    send_outbox(at=at)
    was = world()
    with actions.undoable(order, by=worker, at=when):
        actions.open_search(order, by=worker, at=when)

    actions.undo(Undo.objects.get(), by=worker, at=when)

    assert world() == was


def test_undo_comes_too_late_when_who_was_asked_has_answered(at, worker):
    order, expert = make_search(at), make_expert(at=at)
    with actions.undoable(order, by=worker, at=at):
        actions.propose(order, expert, by=worker, at=at, answer_by=at + timedelta(days=2))
    offer = Offer.objects.get()
    actions.decline(offer, by=expert.user, at=at + timedelta(seconds=2))
    before = world()

    with pytest.raises(actions.NotUndone):
        actions.undo(Undo.objects.get(), by=worker, at=at + timedelta(seconds=3))

    assert world() == before


def test_undo_pressed_twice_is_done_once(at, worker, agreed):
    undo = Undo.objects.get()
    assert str(undo) == f"undo {undo.pk}: order {undo.order_id}"
    actions.undo(undo, by=worker, at=at + timedelta(seconds=1))

    with pytest.raises(actions.NotUndone):
        actions.undo(undo, by=worker, at=at + timedelta(seconds=2))


def test_what_changed_nothing_is_nothing_to_take_back(at, worker):
    order = make_search(at)

    with actions.undoable(order, by=worker, at=at + timedelta(minutes=1)):
        pass

    assert not Undo.objects.exists()
