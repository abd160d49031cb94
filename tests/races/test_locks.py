"""Acts that need the same rows in opposite orders, and states that change between looking and locking."""

import random
import threading
import time
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection, connections, transaction

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.actions import (
    AlreadyBooked,
    NoSeatLeft,
    NotInBank,
    OfferedAlready,
    searching,
)
from luukku.assignments.actions.common import lock_experts, lock_orders
from luukku.assignments.models import Assignment, Offer
from luukku.experts.actions import add_training, verify_training
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.feedback.actions import close_task
from luukku.notices.actions import send_outbox
from luukku.notices.models import Letter
from luukku.orders.actions import send
from luukku.orders.models import CancelledBy, Order
from luukku.orders.states import OrderState
from luukku.organisations.models import Organisation
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from luukku.workbench.actions import merge, take_back
from luukku.workbench.models import Merged
from luukku.workflow.actions import WrongState
from tests import patience
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_series_search
from tests.factories.orders import make_draft
from tests.races.at_once import at_once, errors
from tests.races.test_assignments import quick_expert, say_yes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _machine(db):
    User.objects.machine()


def two_orders_of_the_same(at, people, **changes):
    """Two staffed orders whose tasks were agreed in opposite orders, a week apart."""
    orders = []
    for day, ones in ((14, people), (21, people[::-1])):
        order = make_search(at, experts_wanted=len(people), days=(day,), **changes)
        for expert in ones:
            make_agreed(at, order=order, expert=expert)
        orders.append(order)
    return orders


def meanwhile(act):
    """Do ``act`` on a connection of its own and wait for it to be committed."""

    def run():
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()


@pytest.mark.parametrize("round_", range(3))
def test_two_orders_of_the_same_experts_are_cancelled_at_once(at, round_):
    orders = two_orders_of_the_same(at, [quick_expert(at) for _ in range(6)])
    counter = make_coordinator()

    outcomes = at_once(
        [
            partial(
                actions.cancel_order,
                order,
                whose=CancelledBy.COUNTER,
                reason="",
                by=counter,
                at=at,
            )
            for order in orders
        ]
    )

    assert errors(outcomes) == []
    assert {o.state for o in Order.objects.all()} == {OrderState.CANCELLED}
    assert not Assignment.objects.live().exists()
    assert Letter.objects.filter(kind="assignments.cancelled").count() >= 12


def test_the_link_of_two_orders_of_the_same_experts_changes_at_once(at):
    orders = two_orders_of_the_same(at, [quick_expert(at) for _ in range(6)], mode="either")
    counter = make_coordinator()

    outcomes = at_once(
        [
            partial(actions.change_link, order, "https://example.test/x", by=counter, at=at)
            for order in orders
        ]
    )

    assert errors(outcomes) == []
    assert set(Order.objects.values_list("meeting_url", flat=True)) == {"https://example.test/x"}


def test_two_orders_of_the_same_experts_are_moved_and_cancelled_at_once(at):
    first, second = two_orders_of_the_same(at, [quick_expert(at) for _ in range(6)])
    counter, start = make_coordinator(), at + timedelta(days=30)

    outcomes = at_once(
        [
            partial(
                actions.change_time,
                first,
                starts_at=start,
                ends_at=start + timedelta(hours=1),
                by=counter,
                at=at,
            ),
            partial(
                actions.cancel_order,
                second,
                whose=CancelledBy.COUNTER,
                reason="",
                by=counter,
                at=at,
            ),
        ]
    )

    assert errors(outcomes) == []


def test_seats_of_experts_who_cancelled_earlier_wait_for_nobody(at):
    """Giving a seat up moves old cancelled rows of other experts, too: that must lock none of them."""
    counter = make_coordinator()
    people = [quick_expert(at) for _ in range(4)]
    orders = two_orders_of_the_same(at, people)
    kept = []
    for order, ones in zip(orders, (people, people[::-1]), strict=True):
        for expert in ones[:3]:
            task = order.assignments.get(expert=expert, state="agreed")
            actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=expert.user, at=at)
        kept.append(order.assignments.get(expert=ones[3], state="agreed"))

    outcomes = at_once(
        [partial(actions.give_up, order, failure="time", by=counter, at=at) for order in orders]
    )

    assert errors(outcomes) == []
    assert {task.order.state for task in Assignment.objects.live()} == {OrderState.STAFFED}


def test_everything_crosswise(at):
    """Twenty acts of every kind on the same experts and orders: refusals, but nobody's act is lost to a lock."""
    chance = random.Random(7)
    counter = make_coordinator()
    people = [quick_expert(at) for _ in range(4)]
    orders = two_orders_of_the_same(at, people)
    searches = [make_search(at, experts_wanted=2, days=(40 + n,)) for n in range(3)]
    offers = [make_offer(at, order=order, expert=e) for order in searches[:2] for e in people[:2]]
    acts = [
        *[say_yes(offer, at) for offer in offers],
        *[
            partial(
                actions.cancel_order,
                order,
                whose=CancelledBy.COUNTER,
                reason="",
                by=counter,
                at=at,
            )
            for order in orders
        ],
        *[
            partial(
                actions.propose,
                searches[2],
                expert,
                by=counter,
                at=at,
                answer_by=at + timedelta(days=2),
            )
            for expert in people
        ],
        *[partial(actions.sign_up, searches[2], e, by=e.user, at=at) for e in people],
        *[partial(actions.leave_bank, e, by=e.user, at=at) for e in people[:2]],
        *[
            partial(
                actions.cancel,
                task,
                whose=CancelledBy.EXPERT,
                reason="",
                by=task.expert.user,
                at=at,
            )
            for task in Assignment.objects.select_related("expert__user").order_by("pk")
        ],
        *[partial(set_consents, e.user, set(), by=e.user, at=at) for e in people[2:]],
        partial(
            actions.close_account,
            people[3].user,
            by=make_person(roles=["admin"]),
            at=at,
        ),
    ]
    chance.shuffle(acts)

    outcomes = at_once(acts)

    kind_words = {
        WrongState,
        NoSeatLeft,
        AlreadyBooked,
        NotInBank,
        OfferedAlready,
        actions.TasksAhead,
    }
    assert set(errors(outcomes)) <= kind_words
    gone = Expert.objects.filter(state=ExpertState.LEFT)
    assert not Offer.objects.proposed().filter(expert__in=gone).exists()


def held_up(act):
    """Start ``act`` on a connection of its own; return its thread once it waits for a lock of ours."""
    thread = threading.Thread(target=run_apart, args=(act,))
    thread.start()
    end = time.monotonic() + patience.SECONDS
    while not one_value(WAITING):
        assert time.monotonic() < end
        time.sleep(0.05)
    return thread


def run_apart(act):
    try:
        with suppress(Exception):
            act()
    finally:
        connections.close_all()


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def one_value(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_who_closes_an_account_takes_its_letters_after_the_expert(at):
    task, admin = make_agreed(at), make_person(roles=["admin"])
    close = partial(actions.close_account, task.expert.user, by=admin, at=at)
    with transaction.atomic():
        lock_experts([task.expert_id])
        thread = held_up(close)

        letters = Letter.objects.filter(reader=task.expert.user).select_for_update(nowait=True)

        assert len(letters) > 0
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()


def test_two_administrators_who_close_each_other_wait_in_one_order(at):
    first, second = make_person(roles=["admin"]), make_person(roles=["admin"])
    close = partial(actions.close_account, second, by=first, at=at)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=first.pk)
        thread = held_up(close)

        theirs = User.objects.filter(pk=second.pk).select_for_update(nowait=True, no_key=True)

        assert theirs.get() == second
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()


def test_whoever_is_removed_hands_orders_on_after_the_organisation_is_locked(at):
    order, counter = make_search(at), make_coordinator()
    role = order.organisation.memberships.get(user=order.contact)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=order.organisation_id)
        thread = held_up(partial(actions.remove_member, role, by=counter, at=at))

        theirs = Order.objects.filter(pk=order.pk).select_for_update(nowait=True, no_key=True)

        assert theirs.get() == order
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()


def test_act_on_the_rest_of_a_series_locks_its_orders_from_the_first_one_on(at):
    found, counter = make_series_search(at), make_coordinator()
    off = {"whose": CancelledBy.ORDERER, "reason": "", "by": counter}
    actions.cancel_order(found[0], **off, at=at)

    def cancel_the_rest():
        later = at + timedelta(hours=1)
        with actions.undoable(found[1], found[2], by=counter, at=later):
            actions.cancel_series(found[0].series, **off, at=later)

    with transaction.atomic():
        lock_orders([found[0].pk])
        thread = held_up(cancel_the_rest)

        assert lock_orders_now([one.pk for one in found[1:]]) == found[1:]
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.CANCELLED}


def lock_orders_now(keys):
    return list(Order.objects.filter(pk__in=keys).order_by("pk").select_for_update(nowait=True))


def test_two_accounts_become_one_after_their_organisations_are_locked_and_letters_last(at):
    task, counter = make_agreed(at), make_coordinator()
    double, into = task.order.contact, make_person()
    join = partial(merge, double, into, reason="Sama ihminen.", by=counter, at=at)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=task.order.organisation_id)
        thread = held_up(join)
        people = User.objects.filter(pk__in=[double.pk, into.pk]).select_for_update(nowait=True)
        assert len(people) == 2
    thread.join(timeout=patience.SECONDS)
    assert not thread.is_alive()

    back = partial(take_back, Merged.objects.get(), by=counter, at=at)
    for act in (back, join):
        with transaction.atomic():
            lock_orders([task.order_id])
            thread = held_up(act)
            letters = Letter.objects.filter(reader__in=[double, into])
            assert len(letters.select_for_update(nowait=True)) > 0
        thread.join(timeout=patience.SECONDS)
        assert not thread.is_alive()
    assert Order.objects.get().contact == into


def test_the_worker_waits_for_no_letter_that_an_act_holds(at):
    make_offer(at)
    late = Letter.objects.latest("pk")
    Letter.objects.filter(pk=late.pk).update(expires_at=at)
    with transaction.atomic():
        Letter.objects.select_for_update().get(pk=late.pk)

        meanwhile(partial(send_outbox, at=at))

    late.refresh_from_db()
    assert late.sent_at is None
    send_outbox(at=at)
    late.refresh_from_db()
    assert late.sent_at == at


def test_a_task_is_marked_done_while_its_time_moves(at):
    task, counter = make_agreed(at), make_coordinator()
    start, end = task.ends_at + timedelta(days=7), task.ends_at + timedelta(days=7, hours=1)
    actions.change_time(task.order, starts_at=start, ends_at=end, by=counter, at=at)

    with pytest.raises(WrongState):  # ``task`` was read before
        close_task(task, by=task.expert.user, at=task.ends_at)


@pytest.mark.parametrize("way", ["propose", "sign_up"])
def test_who_has_left_since_gets_no_offer(at, way):
    order, expert, counter = make_search(at), quick_expert(at), make_coordinator()
    actions.leave_bank(Expert.objects.get(pk=expert.pk), by=expert.user, at=at)

    with pytest.raises(NotInBank):  # ``expert`` was read before
        if way == "propose":
            actions.propose(order, expert, by=counter, at=at, answer_by=at + timedelta(days=2))
        else:
            actions.sign_up(order, expert, by=expert.user, at=at)

    assert Offer.objects.count() == 0


def test_who_is_asked_while_leaving_keeps_no_offer(at, monkeypatch):
    order, expert, counter = make_search(at), quick_expert(at), make_coordinator()
    make_offer(at, expert=expert)
    lock, asked = searching.lock_experts, []

    def asked_just_before(expert_ids):
        if not asked:
            asked.append(True)
            again, answer_by = Expert.objects.get(pk=expert.pk), at + timedelta(days=2)
            meanwhile(
                partial(actions.propose, order, again, by=counter, at=at, answer_by=answer_by)
            )
        return lock(expert_ids)

    monkeypatch.setattr(searching, "lock_experts", asked_just_before)

    actions.leave_bank(expert, by=expert.user, at=at)

    assert list(Offer.objects.values_list("state", flat=True)) == ["declined", "declined"]


def test_a_call_whose_sign_up_has_ended_meanwhile_takes_nobody(at):
    order, expert = make_search(at), quick_expert(at)
    Order.objects.filter(pk=order.pk).update(is_open_call=False)

    with pytest.raises(WrongState):  # ``order`` was read before
        actions.sign_up(order, expert, by=expert.user, at=at)


def test_consents_are_taken_back_while_the_profile_is_erased(at):
    for _round in range(3):
        expert = quick_expert(at)

        outcomes = at_once(
            [
                partial(actions.erase_profile, expert, by=expert.user, at=at),
                partial(set_consents, expert.user, set(), by=expert.user, at=at),
            ]
        )

        assert not any(isinstance(outcome, OperationalError) for outcome in outcomes)
        assert not any(isinstance(outcome, Exception) for outcome in outcomes), outcomes


def test_an_order_that_is_sent_while_its_organisation_ends_is_not_left_open(at):
    for number in range(6):
        order = make_draft(at, title=f"Tilaus {number}")
        counter = make_coordinator()

        at_once(
            [
                partial(send, order, by=order.contact, at=at),
                partial(
                    actions.end_organisation,
                    order.organisation,
                    reason="Loppui.",
                    by=counter,
                    at=at,
                ),
            ]
        )

        order.refresh_from_db()
        order.organisation.refresh_from_db()
        assert order.organisation.state == OrganisationState.ENDED
        assert order.state in {OrderState.DRAFT, OrderState.CANCELLED}


def test_a_certificate_is_seen_while_the_profile_is_erased(at):
    for _round in range(4):
        expert = quick_expert(at)
        training = add_training(
            expert,
            kind="basic",
            name="Peruskurssi",
            producer="Yhdistys",
            completed_on=at.date(),
            by=expert.user,
            at=at,
        )

        outcomes = at_once(
            [
                partial(verify_training, training, by=make_coordinator(), at=at),
                partial(actions.erase_profile, expert, by=expert.user, at=at),
            ]
        )

        assert not [one for one in outcomes if isinstance(one, OperationalError)]
