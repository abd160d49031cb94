"""Asking several orders' candidates at once: each order by itself, nobody for more than they could do; its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments.actions import propose, undo
from luukku.assignments.models import Offer, Undo
from luukku.audit.models import AuditEvent
from luukku.matching.queries import for_matching
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.workbench import actions
from luukku.workbench.actions import NotAskable, asking
from luukku.workbench.queries import Room
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_series_search,
)
from tests.factories.experts import make_expert
from tests.factories.orders import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ask(at):
    """Ask the experts for the orders; return what became of each: its names, and why not."""
    kaisa = make_coordinator()

    def ask(*pairs, by=kaisa):
        chosen = {order.pk: [expert.pk for expert in experts] for order, experts in pairs}
        done = actions.ask_candidates(chosen, answer_by=at + timedelta(days=4), by=by, at=at)
        return {one.order.pk: (one.names, one.not_asked) for one in done}

    return ask


def accepted(at, **changes):
    return make_order(at, state=OrderState.ACCEPTED, **changes)


def test_asks_each_order_and_opens_the_search_of_an_accepted_one(at, ask):
    one, two = accepted(at, days=(10,)), make_search(at, days=(20,))
    first, second = make_expert(at=at), make_expert(at=at)

    done = ask((one, [first]), (two, [first, second]))

    assert done == {
        one.pk: ([first.code_name], []),
        two.pk: ([first.code_name, second.code_name], []),
    }
    assert Order.objects.get(pk=one.pk).state == OrderState.SEARCHING
    offers = Offer.objects.proposed().order_by("order", "expert")
    assert [(offer.order_id, offer.expert_id) for offer in offers] == [
        (one.pk, first.pk), (two.pk, first.pk), (two.pk, second.pk),
    ]  # fmt: skip
    assert {offer.expires_at for offer in offers} == {at + timedelta(days=4)}
    assert all(offer.reasons for offer in offers)
    events = AuditEvent.objects.filter(act="workbench.ask_candidates").order_by("pk")
    assert [(event.object_id, event.data) for event in events] == [
        (str(one.pk), {"asked": 1, "not_asked": 0}), (str(two.pk), {"asked": 2, "not_asked": 0}),
    ]  # fmt: skip


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_asking_is_for_the_counter(at, ask, make):
    order, expert = accepted(at), make_expert(at=at)

    with pytest.raises(PermissionDenied):
        ask((order, [expert]), by=make())

    assert Offer.objects.count() == 0


def test_nobody_is_asked_for_two_times_that_overlap(at, ask):
    earlier = make_offer(at, days=(10,))
    expert, other = earlier.expert, make_expert(at=at)
    one, two = accepted(at, days=(10,)), accepted(at, days=(10,))

    done = ask((one, [expert, other]), (two, [other]))

    assert done == {
        one.pk: (
            [other.code_name],
            [f"{expert.code_name} (the same time as order {earlier.order_id})"],
        ),
        two.pk: ([], [f"{other.code_name} (the same time as order {one.pk})"]),
    }


def test_nobody_is_asked_for_more_than_they_take_in_a_month(at, ask):
    expert = make_expert(at=at, monthly_limit=2)
    make_agreed(at, expert=expert, days=(10,))
    one, two = accepted(at, days=(14,)), accepted(at, days=(16,))
    later = accepted(at, days=(45,))

    done = ask((one, [expert]), (two, [expert]), (later, [expert]))

    assert done == {
        one.pk: ([expert.code_name], []),
        two.pk: ([], [f"{expert.code_name} (as many tasks of that month as they take)"]),
        later.pk: ([expert.code_name], []),
    }


def test_order_that_is_refused_halfway_takes_nobody_s_time(at, ask, monkeypatch):
    """Neither the time nor the month of those who had been asked before the refusal."""
    first, second = make_expert(at=at), make_expert(at=at)
    one, two = accepted(at, days=(10,)), accepted(at, days=(10,))

    def refuse_second(order, expert, **given):
        if (order, expert) == (one, second):
            raise NotAskable
        return propose(order, expert, **given)

    monkeypatch.setattr(asking, "propose", refuse_second)
    done = ask((one, [first, second]), (two, [first]))

    assert done[two.pk] == ([first.code_name], [])
    assert list(Offer.objects.values_list("order", flat=True)) == [two.pk]


def test_asking_again_says_who_has_been_asked(at, ask):
    order, expert = accepted(at), make_expert(at=at)
    ask((order, [expert]))

    done = ask((order, [expert]))

    assert done == {
        order.pk: ([], [f"{expert.code_name} (does not fit any more, or has been asked)"])
    }
    assert Offer.objects.count() == 1


def test_what_is_refused_is_told_of_its_order_and_stops_no_other(at, ask):
    sent, past = make_order(at, state=OrderState.SENT), accepted(at - timedelta(days=30))
    series, good = make_series_search(at)[0], accepted(at)
    expert = make_expert(at=at)

    done = ask(*((order, [expert]) for order in (sent, past, series, good)))

    assert done[good.pk] == ([expert.code_name], [])
    assert {pk: names for pk, (names, _why) in done.items() if pk != good.pk} == {
        sent.pk: [], past.pk: [], series.pk: [],
    }  # fmt: skip
    (why,) = done[sent.pk][1]
    assert why.startswith("No expert is looked for")
    (why,) = done[series.pk][1]
    assert why.startswith("It is one of several dates")
    assert Offer.objects.count() == 1


def test_whom_the_orderer_wishes_for_is_asked_once_by_the_opened_search(at, ask):
    expert = make_expert(at=at)
    order = accepted(at)
    Order.objects.filter(pk=order.pk).update(wished_expert=expert)

    done = ask((order, [expert]))

    assert done == {order.pk: ([expert.code_name], [])}
    assert Offer.objects.count() == 1


def test_search_is_not_opened_where_the_wished_expert_is_asked_for_that_time(at, ask):
    earlier = make_offer(at)
    order, other = accepted(at), make_expert(at=at)
    Order.objects.filter(pk=order.pk).update(wished_expert=earlier.expert)

    done = ask((order, [other]))

    why = f"The orderer’s own expert cannot be asked: the same time as order {earlier.order_id}."
    assert done == {order.pk: ([], [why])}
    assert Order.objects.get(pk=order.pk).state == OrderState.ACCEPTED


def test_wished_expert_who_has_left_the_bank_is_not_asked_and_others_are(at, ask):
    gone, other = make_expert(at=at), make_expert(at=at)
    order = accepted(at)
    Order.objects.filter(pk=order.pk).update(wished_expert=gone)
    type(gone).objects.filter(pk=gone.pk).update(state="left")

    done = ask((order, [other]))

    assert done == {order.pk: ([other.code_name], [])}


def test_asking_of_each_order_can_be_taken_back_for_a_moment(at, ask):
    one, two, expert = accepted(at, days=(10,)), accepted(at, days=(20,)), make_expert(at=at)
    kaisa = make_coordinator("Kalle")
    ask((one, [expert]), (two, [expert]), by=kaisa)

    undo(Undo.objects.get(order=one), by=kaisa, at=at + timedelta(seconds=5))

    assert Order.objects.get(pk=one.pk).state == OrderState.ACCEPTED
    assert list(Offer.objects.values_list("order", flat=True)) == [two.pk]


@pytest.mark.parametrize("n", [1, 3])
def test_room_reads_as_much_for_one_as_for_three(at, django_assert_num_queries, n):
    offers = [make_offer(at) for _n in range(n)]

    with django_assert_num_queries(4):
        room = Room({offer.expert_id for offer in offers}, at=at)

    order = for_matching().get(pk=offers[0].order_id)
    assert room.why_not(offers[0].expert_id, order) == ""


def test_order_that_is_done_is_not_told_to_be_read_first(at, ask):
    done, sent = make_done(at - timedelta(days=30)).order, make_order(at)

    told = ask((done, []), (sent, []))

    assert told == {
        done.pk: ([], ["No expert is looked for any more. The order’s state: Done."]),
        sent.pk: ([], ["No expert is looked for yet: read and accept the order first."]),
    }
