"""An answer is not the end: asking again, a late yes, and a way back from a mistake."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.queries import open_until
from luukku.assignments.states import OfferState
from luukku.audit.models import AuditEvent
from luukku.matching.calls import open_calls
from luukku.matching.queries import match, what_would_help
from luukku.notices.models import Letter
from luukku.orders.actions import set_times
from luukku.orders.models import CancelledBy, Failure
from luukku.orders.states import OrderState
from luukku.privacy.actions import set_consents
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOUR = timedelta(hours=1)


def candidates(order, at):
    return {c.expert_id: c.reasons for c in match(order, at=at).candidates}


def declined(at, **changes):
    offer = make_offer(at, **changes)
    return actions.decline(offer, by=offer.expert.user, at=at)


def expired(at, **changes):
    offer = make_offer(at, **changes)
    return actions.expire(offer, at=offer.expires_at)


def cancelled(at, **changes):
    task = make_agreed(at, **changes)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)
    return Offer.objects.get(pk=task.offer_id)


ENDED = {
    declined: "said no to 15.12.",
    expired: "did not answer about 15.12.",
    cancelled: "the task of 15.12. was cancelled",
}


def move(order, at, *days):
    """Give the order wished or agreed times so many days after ``at``."""
    starts = [at + timedelta(days=day) for day in days]
    if order.times.filter(is_settled=True).exists():
        return actions.change_time(
            order, starts_at=starts[0], ends_at=starts[0] + HOUR, by=make_coordinator(), at=at
        )
    return set_times(order, [(s, s + HOUR) for s in starts], by=make_coordinator(), at=at)


# -- Candidates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ENDED, ids=lambda act: act.__name__)
def test_whoever_has_answered_fits_again_at_another_time_with_the_answer_as_a_reason(at, ended):
    offer = ended(at)
    order = offer.order
    assert candidates(order, at) == {}

    move(order, at, 20)

    found = candidates(order, at)
    assert list(found) == [offer.expert_id]
    assert found[offer.expert_id][-1] == ENDED[ended]
    assert [call.order_id for call in open_calls(offer.expert, at=at)] == [order.pk]


def test_a_no_to_one_time_is_none_to_a_time_that_is_added(at):
    offer = declined(at, days=(14,))
    first = offer.order.times.get()

    move(offer.order, at, 14, 16)

    [found] = match(offer.order, at=at).candidates
    assert found.time_id == offer.order.times.exclude(starts_at=first.starts_at).get().pk


def test_a_time_that_is_taken_away_asks_nothing_new(at):
    offer = declined(at, days=(14, 16))

    move(offer.order, at, 16)

    assert candidates(offer.order, at) == {}
    assert open_calls(offer.expert, at=at) == []


def test_an_end_that_moves_is_another_time(at):
    offer = declined(at)
    start = offer.order.times.get().starts_at

    set_times(offer.order, [(start, start + HOUR / 2)], by=make_coordinator(), at=at)

    assert list(candidates(offer.order, at)) == [offer.expert_id]


def test_a_no_counts_for_the_times_that_the_order_had_when_it_was_said(at):
    offer = make_offer(at)
    move(offer.order, at, 20)
    actions.decline(offer, by=offer.expert.user, at=at)

    assert candidates(offer.order, at) == {}


def test_another_time_would_help_by_who_said_no_to_this_one(at):
    order = declined(at).order

    helps = what_would_help(order, match(order, at=at), at=at)

    assert {"time": 1}.items() <= {help_.condition: help_.count for help_ in helps}.items()


def test_whoever_has_an_agreed_task_of_the_order_is_no_candidate_for_another_seat(at):
    task = make_agreed(at, experts_wanted=2)

    assert candidates(task.order, at) == {}
    with pytest.raises(actions.OfferedAlready):
        make_offer(at, order=task.order, expert=task.expert)


def test_two_live_tasks_of_one_expert_in_one_order_are_refused_by_the_database(at):
    task = make_agreed(at, experts_wanted=2)
    other = Offer.objects.create(
        order=task.order,
        expert=task.expert,
        origin="suggested",
        made_by=make_coordinator(),
        made_at=at,
        expires_at=at + HOUR,
        state="accepted",
    )
    task.pk, task.offer = None, other
    task.seat = task.order.seats.exclude(pk=task.seat_id).get()
    task.starts_at, task.ends_at = task.ends_at, task.ends_at + HOUR

    with pytest.raises(IntegrityError, match="one_live_task_per_expert"), transaction.atomic():
        task.save()


# -- Asked once more -----------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ENDED, ids=lambda act: act.__name__)
def test_the_counter_asks_once_more_about_the_same_time_and_says_why(at, ended):
    offer = ended(at)
    state = offer.state

    again = actions.propose(
        offer.order,
        offer.expert,
        by=make_coordinator(),
        at=at,
        answer_by=at + timedelta(days=3),
        words="Paikka vaihtui lähemmäs.",
    )

    assert (again.state, again.words) == (OfferState.PROPOSED, "Paikka vaihtui lähemmäs.")
    offer.refresh_from_db()
    assert (offer.state, offer.order.offers.count()) == (state, 2)
    letter = Letter.objects.filter(kind="assignments.offered").latest("pk")
    assert "Paikka vaihtui" not in letter.body  # it may tell of somebody's health: on the page only
    assert "Luukku kysyy sinulta uudelleen" in letter.body
    task = actions.accept(again, by=offer.expert.user, at=at, via=Via.DESK)
    assert task.expert == offer.expert


def test_whoever_is_being_asked_is_not_asked_twice(at):
    offer = declined(at)
    make_offer(at, order=offer.order, expert=offer.expert)

    with pytest.raises(actions.OfferedAlready):
        make_offer(at, order=offer.order, expert=offer.expert)


# -- A yes after all -----------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ENDED, ids=lambda act: act.__name__)
def test_a_late_yes_is_written_down_at_the_counter(at, ended):
    offer, counter = ended(at), make_coordinator()
    state, later = offer.state, offer.expires_at + HOUR

    task = actions.accept_after_all(
        offer, by=counter, at=later, via=Via.COUNTER, on_behalf_of=offer.expert.user
    )

    assert (task.expert, task.state) == (offer.expert, "agreed")
    assert (task.expert_agreed_at, task.expert_agreed_via) == (later, Via.COUNTER)
    assert (task.counter_agreed_by, task.offer.made_at) == (counter, later)
    offer.refresh_from_db()
    offer.order.refresh_from_db()
    assert (offer.state, offer.order.state) == (state, OrderState.STAFFED)
    event = AuditEvent.objects.get(act="assignments.accept_after_all")
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, offer.expert.user_id)
    told = Letter.objects.filter(kind="assignments.agreed", made_at=later)
    assert sorted(told.values_list("reader", flat=True)) == sorted(
        [task.expert.user_id, task.order.contact_id]
    )


@pytest.mark.parametrize("ended", ENDED, ids=lambda act: act.__name__)
def test_the_expert_comes_back_while_the_seat_is_free(at, ended):
    offer = ended(at)
    later = offer.expires_at + HOUR
    assert open_until(offer, at=later) == offer.order.times.get().starts_at

    task = actions.accept_after_all(offer, by=offer.expert.user, at=later, via=Via.DESK)

    assert task.offer.made_by == offer.made_by
    assert open_until(offer, at=later) is None


@pytest.mark.parametrize("whose", [CancelledBy.COUNTER, CancelledBy.ORDERER])
def test_a_task_that_somebody_else_cancelled_is_not_the_expert_s_to_take_back(at, whose):
    task = make_agreed(at)
    by = make_coordinator() if whose == CancelledBy.COUNTER else task.order.contact
    actions.cancel(task, whose=whose, reason="", by=by, at=at)
    offer = Offer.objects.get(pk=task.offer_id)
    assert (offer.order.state, open_until(offer, at=at)) == (OrderState.SEARCHING, None)

    with pytest.raises(PermissionDenied):
        actions.accept_after_all(offer, by=offer.expert.user, at=at, via=Via.DESK)

    assert not Assignment.objects.live().exists()


def test_whoever_cannot_be_suggested_has_no_way_back(at):
    offer = declined(at)
    set_consents(offer.expert.user, set(), by=offer.expert.user, at=at)

    assert open_until(offer, at=at) is None
    with pytest.raises(actions.NotInBank):
        actions.accept_after_all(offer, by=offer.expert.user, at=at, via=Via.DESK)


def test_an_own_sign_up_comes_back_after_a_cancellation_but_not_after_a_no_of_the_counter(at):
    counter = make_coordinator()
    signed_up = make_sign_up(at)
    task = actions.accept(signed_up, by=counter, at=at, via=Via.COUNTER)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)
    refused = actions.decline(make_sign_up(at), by=counter, at=at)

    again = actions.accept_after_all(signed_up, by=task.expert.user, at=at, via=Via.DESK)

    assert (again.counter_agreed_by, again.expert_agreed_at) == (counter, at)
    with pytest.raises(PermissionDenied):
        actions.accept_after_all(refused, by=refused.expert.user, at=at, via=Via.DESK)


@pytest.mark.parametrize("who", ["stranger", "orderer", "counter_alone"])
def test_a_yes_after_all_of_somebody_else_is_refused(at, who):
    offer = declined(at)
    by = {
        "stranger": make_person,
        "orderer": lambda: offer.order.contact,
        "counter_alone": make_coordinator,
    }[who]()

    with pytest.raises(PermissionDenied):
        actions.accept_after_all(offer, by=by, at=at, via=Via.DESK)

    assert not Assignment.objects.exists()


def test_a_filled_seat_a_passed_time_and_a_taken_back_offer_have_no_way_back(at):
    filled = declined(at)
    make_agreed(at, order=filled.order)
    passed = declined(at)
    gone = actions.withdraw(make_offer(at), by=make_coordinator(), at=at)
    waiting = make_offer(at)
    end = passed.order.times.get().ends_at

    for offer, when, error in (
        (filled, at, actions.NoSeatLeft),
        (passed, end, actions.TooLate),
        (gone, at, WrongState),
        (waiting, at, WrongState),
    ):
        assert open_until(Offer.objects.get(pk=offer.pk), at=when) is None
        with pytest.raises(error):
            actions.accept_after_all(offer, by=offer.expert.user, at=when, via=Via.DESK)


def test_whoever_has_left_or_is_asked_anew_answers_there(at):
    offer = declined(at)
    make_offer(at, order=offer.order, expert=offer.expert)
    assert open_until(offer, at=at) is None
    with pytest.raises(actions.OfferedAlready):
        actions.accept_after_all(offer, by=offer.expert.user, at=at, via=Via.DESK)

    actions.leave_bank(offer.expert, by=offer.expert.user, at=at)
    with pytest.raises(actions.NotInBank):
        actions.accept_after_all(offer, by=offer.expert.user, at=at, via=Via.DESK)


def test_another_expert_is_asked_in_the_usual_way(at):
    order, expert = make_search(at), make_expert(at=at)

    offer = make_offer(at, order=order, expert=expert)

    assert offer.words == ""
    assert "uudelleen" not in Letter.objects.get(kind="assignments.offered").body


def test_no_way_back_when_the_search_has_ended(at):
    offer = declined(at)
    actions.give_up(offer.order, failure=Failure.TIME, by=make_coordinator(), at=at)

    with pytest.raises(WrongState):
        actions.accept_after_all(offer, by=offer.expert.user, at=at, via=Via.DESK)

    assert not Assignment.objects.exists()
