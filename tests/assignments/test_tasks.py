"""Agreed tasks: cancelling, ending the search, finishing; beside each act its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import formats, translation

from luukku.accounts.models import User
from luukku.assignments import actions, tasks
from luukku.assignments.actions import AlreadyBooked, TooLate, agreed
from luukku.assignments.models import CalendarKey, Offer, Via
from luukku.assignments.queries import WhyWithdrawn, free_seats, why_withdrawn
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AuditEvent
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Failure, UnmetDemand
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_draft, make_order, make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OF = ("assignments.assignment", "orders.order")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BEGUN = timedelta(days=14, minutes=10)  # ten minutes into the task of the factories


def letters(kind, **filters):
    return Letter.objects.filter(kind=f"assignments.{kind}", **filters)


def cancel(task, at, whose=CancelledBy.EXPERT, by=None, **changes):
    people = {CancelledBy.EXPERT: task.expert.user, CancelledBy.ORDERER: task.order.contact}
    by = by or people.get(whose) or make_coordinator()
    return actions.cancel(task, whose=whose, reason="Este tuli.", by=by, at=at, **changes)


# Cancelling one task


def test_cancel_keeps_who_why_and_how_late(at):
    task = make_agreed(at)

    task = cancel(task, task.starts_at - timedelta(hours=30, minutes=59))

    assert task.state == AssignmentState.CANCELLED
    assert (task.cancelled_by, task.cancel_reason) == (CancelledBy.EXPERT, "Este tuli.")
    event = AuditEvent.objects.get(act="assignments.cancel")
    assert event.data == {
        "from": "agreed",
        "to": "cancelled",
        "whose": "expert",
        "hours_before": 30,
    }


def test_cancel_opens_the_search_again_and_tells_both_with_the_calendar(at):
    task = make_agreed(at)

    task = cancel(task, at + DAY)

    task.order.refresh_from_db()
    assert task.order.state == OrderState.SEARCHING
    assert free_seats(task.order).count() == 1
    told = letters("cancelled")
    assert {letter.reader for letter in told} == {task.expert.user, task.order.contact}
    for letter in told:
        assert "METHOD:CANCEL" in letter.calendar
        assert "SEQUENCE:1" in letter.calendar


def test_cancel_forgets_the_reminders_of_this_task_only(at):
    task, other = make_agreed(at), make_agreed(at)

    cancel(task, at)

    left = letters("reminder")
    assert {letter.reader for letter in left} == {other.expert.user, other.order.contact}


def test_cancel_while_others_are_still_looked_for_changes_no_order(at):
    order = make_search(at, experts_wanted=2)
    task = make_agreed(at, order=order)

    cancel(task, at)

    order.refresh_from_db()
    assert order.state == OrderState.SEARCHING
    assert free_seats(order).count() == 2


def test_cancel_after_the_start_ends_an_order_that_has_nobody_else(at):
    task = make_agreed(at)

    cancel(task, at + BEGUN)

    order = task.order
    order.refresh_from_db()
    assert (order.state, order.cancelled_by) == (OrderState.CANCELLED, CancelledBy.EXPERT)
    assert order.cancelled_hours_before == -1


def test_cancel_after_the_start_leaves_the_others_task(at):
    order = make_search(at, experts_wanted=2)
    task, other = make_agreed(at, order=order), make_agreed(at, order=order)

    cancel(task, at + BEGUN)

    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.state, other.state) == (OrderState.STAFFED, AssignmentState.AGREED)


def test_cancel_after_the_others_have_finished_ends_the_order_as_done(at):
    order = make_search(at, experts_wanted=2)
    task, other = make_agreed(at, order=order), make_agreed(at, order=order)
    actions.finish(other, by=other.expert.user, at=at + BEGUN)

    cancel(task, at + BEGUN)

    order.refresh_from_db()
    assert order.state == OrderState.DONE


def test_cancel_by_a_stranger_is_refused(at):
    task = make_agreed(at)

    for stranger in (make_person(), make_expert(at=at).user, make_orderer(at=at)):
        for whose in (CancelledBy.EXPERT, CancelledBy.ORDERER):
            with pytest.raises(PermissionDenied):
                cancel(task, at, whose, by=stranger)

    task.refresh_from_db()
    assert task.state == AssignmentState.AGREED


@pytest.mark.parametrize("whose", CancelledBy)
def test_cancel_in_somebody_elses_name_is_for_the_counter_only(at, whose):
    task, counter = make_agreed(at), make_coordinator()
    sides = {CancelledBy.EXPERT: task.expert.user, CancelledBy.ORDERER: task.order.contact}

    for side, person in sides.items():
        if side != whose:
            with pytest.raises(PermissionDenied):
                cancel(task, at, whose, by=person)

    assert cancel(task, at, whose, by=counter).cancelled_by == whose


def test_cancel_for_an_expert_who_calls_says_on_whose_behalf(at):
    task, counter = make_agreed(at), make_coordinator()

    cancel(task, at, by=counter, on_behalf_of=task.expert.user)

    event = AuditEvent.objects.get(act="assignments.cancel")
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, task.expert.user_id)


def test_cancel_twice_is_refused(at):
    task = make_agreed(at)
    cancel(task, at)

    with pytest.raises(WrongState):
        cancel(task, at)

    assert letters("cancelled").count() == 2


# Cancelling the whole order


def test_cancel_order_frees_everybody_and_tells_them(at):
    order = make_search(at, experts_wanted=3)
    tasks = [make_agreed(at, order=order), make_agreed(at, order=order)]
    asked, signed_up = make_offer(at, order=order), make_sign_up(at, order=order)

    order = actions.cancel_order(
        order,
        whose=CancelledBy.ORDERER,
        reason="Tilaisuus peruuntui.",
        by=order.contact,
        at=tasks[0].starts_at - timedelta(hours=5),
    )

    assert (order.state, order.cancelled_hours_before) == (OrderState.CANCELLED, 5)
    for task in tasks:
        task.refresh_from_db()
        assert (task.state, task.cancelled_by) == ("cancelled", CancelledBy.ORDERER)
    assert set(order.offers.values_list("state", flat=True)) == {
        OfferState.ACCEPTED,
        OfferState.WITHDRAWN,
    }
    assert {letter.reader for letter in letters("withdrawn")} == {
        asked.expert.user,
        signed_up.expert.user,
    }
    assert not letters("reminder").exists()


def test_cancel_order_before_anything_was_agreed_has_no_hours(at):
    order = make_search(at)

    order = actions.cancel_order(
        order, whose=CancelledBy.COUNTER, reason="", by=make_coordinator(), at=at
    )

    assert (order.state, order.cancelled_hours_before) == (OrderState.CANCELLED, None)


def test_cancel_order_throws_a_draft_away(at):
    order = make_draft(at)

    order = actions.cancel_order(
        order, whose=CancelledBy.ORDERER, reason="", by=order.contact, at=at
    )

    assert order.state == OrderState.CANCELLED


def test_cancel_order_by_a_stranger_or_the_expert_is_refused(at):
    task = make_agreed(at)

    for stranger in (make_orderer(at=at), task.expert.user):
        for whose in (CancelledBy.ORDERER, CancelledBy.EXPERT):
            with pytest.raises(PermissionDenied):
                actions.cancel_order(task.order, whose=whose, reason="", by=stranger, at=at)

    task.refresh_from_db()
    assert task.state == AssignmentState.AGREED


# Ending the search


def test_give_up_counts_what_is_missing_and_takes_back_what_is_open(at):
    order = make_search(at, experts_wanted=2)
    offer = make_offer(at, order=order)

    order = actions.give_up(order, failure=Failure.NO_YES, by=coordinator_of_orders(), at=at)

    offer.refresh_from_db()
    assert (order.state, offer.state) == (OrderState.NOT_FOUND, OfferState.WITHDRAWN)
    unmet = UnmetDemand.objects.get()
    assert (unmet.missing, unmet.failure, unmet.theme_codes) == (2, Failure.NO_YES, ["depression"])


def test_give_up_before_the_search_counts_everybody(at):
    order = make_order(at, state=OrderState.ACCEPTED, experts_wanted=3)

    actions.give_up(order, failure=Failure.THEME, by=coordinator_of_orders(), at=at)

    assert UnmetDemand.objects.get().missing == 3


def test_give_up_with_some_found_goes_on_with_them(at):
    order = make_search(at, experts_wanted=3)
    task, asked = make_agreed(at, order=order), make_offer(at, order=order)

    order = actions.give_up(order, failure=Failure.NO_YES, by=coordinator_of_orders(), at=at + DAY)

    asked.refresh_from_db()
    assert (order.state, order.seats.count()) == (OrderState.STAFFED, 1)
    assert UnmetDemand.objects.get().missing == 2
    assert (asked.state, why_withdrawn(asked)) == (OfferState.WITHDRAWN, WhyWithdrawn.TAKEN_BACK)
    assert (
        "Pyysit 3 kokemusasiantuntijaa, ja heistä löytyi 1."
        in Letter.objects.get(kind="orders.staffed").body
    )
    actions.finish(task, by=task.expert.user, at=at + BEGUN)
    order.refresh_from_db()
    assert order.state == OrderState.DONE


def test_give_up_a_seat_that_somebody_had_cancelled_goes_on_with_the_others(at):
    order = make_search(at, experts_wanted=2)
    gone, kept = make_agreed(at, order=order), make_agreed(at, order=order)
    cancel(gone, at + DAY)
    order.refresh_from_db()

    order = actions.give_up(order, failure=Failure.TIME, by=coordinator_of_orders(), at=at + DAY)

    assert (order.state, order.seats.get()) == (OrderState.STAFFED, kept.seat)
    assert UnmetDemand.objects.get().missing == 1


def test_give_up_when_the_ones_found_have_finished_ends_the_order(at):
    order = make_search(at, experts_wanted=2)
    task = make_agreed(at, order=order)
    actions.finish(task, by=task.expert.user, at=at + BEGUN)

    order = actions.give_up(
        order, failure=Failure.NO_YES, by=coordinator_of_orders(), at=at + BEGUN
    )

    assert order.state == OrderState.DONE


@pytest.mark.parametrize("has_some", [True, False])
def test_give_up_is_for_the_counter(at, has_some):
    order = make_search(at, experts_wanted=2)
    if has_some:
        make_agreed(at, order=order)

    for stranger in (order.contact, make_person()):
        with pytest.raises(PermissionDenied):
            actions.give_up(order, failure=Failure.THEME, by=stranger, at=at)

    assert not UnmetDemand.objects.exists()


def test_give_up_an_order_that_has_its_expert_is_refused(at):
    task = make_agreed(at)
    order = task.order
    order.refresh_from_db()

    with pytest.raises(WrongState):
        actions.give_up(order, failure=Failure.THEME, by=coordinator_of_orders(), at=at)


# Finishing


def test_finish_of_the_last_task_ends_the_order(at):
    order = make_search(at, experts_wanted=2)
    first, last = make_agreed(at, order=order), make_agreed(at, order=order)

    actions.finish(first, by=first.expert.user, at=at + BEGUN)
    order.refresh_from_db()
    state_between = order.state
    done = actions.finish(last, by=order.contact, at=at + BEGUN)

    order.refresh_from_db()
    assert (state_between, order.state) == (OrderState.STAFFED, OrderState.DONE)
    assert done.state == AssignmentState.DONE


def test_finish_before_the_start_is_refused(at):
    task = make_agreed(at)

    with pytest.raises(WrongState):
        actions.finish(task, by=task.expert.user, at=task.starts_at - timedelta(minutes=1))


def test_finish_is_for_those_who_took_part_the_counter_and_the_machine(at):
    task = make_agreed(at)

    for stranger in (make_person(), make_expert(at=at).user, make_orderer(at=at)):
        with pytest.raises(PermissionDenied):
            actions.finish(task, by=stranger, at=at + BEGUN)

    for by in (make_coordinator(), User.objects.machine()):
        assert actions.finish(make_agreed(at), by=by, at=at + BEGUN).state == AssignmentState.DONE


def test_finish_twice_is_refused(at):
    task = make_agreed(at)
    actions.finish(task, by=task.expert.user, at=at + BEGUN)

    with pytest.raises(WrongState):
        actions.finish(task, by=task.expert.user, at=at + BEGUN)


# Calendar addresses and scheduled work


def test_new_calendar_key_makes_the_old_one_useless(at):
    user = make_person()
    old = actions.new_calendar_key(user, by=user, at=at).key

    new = actions.new_calendar_key(user, by=user, at=at + DAY).key

    assert new != old
    assert len(new) >= 40
    assert list(CalendarKey.objects.values_list("key", flat=True)) == [new]


def test_new_calendar_key_is_for_oneself_and_is_remembered(at):
    user, counter = make_person(), make_coordinator()

    key = actions.new_calendar_key(user, by=user, at=at)
    with pytest.raises(PermissionDenied):
        actions.new_calendar_key(user, by=counter, at=at)

    assert CalendarKey.objects.get().key == key.key
    event = AuditEvent.objects.get(act="assignments.new_calendar_key")
    assert (event.actor_id, key.key in str(event.data)) == (user.pk, False)


def test_scheduled_work_ends_the_overdue_offers(now):
    offer = make_offer(now - 5 * DAY, answer_by=now - DAY)

    count = tasks.expire_overdue.call()

    offer.refresh_from_db()
    assert (count, offer.state) == (1, OfferState.EXPIRED)
    assert tasks.expire_overdue.call() == 0


def test_one_expert_can_do_another_order_after_a_cancelled_one(at):
    expert = make_expert(at=at)
    cancel(make_agreed(at, expert=expert), at)

    task = make_agreed(at, expert=expert)

    assert task.state == AssignmentState.AGREED
    assert Offer.objects.filter(expert=expert).count() == 2
    assert task.expert_agreed_via == Via.DESK


# Another time


def change(order, at, days=16, by=None):
    start = at + timedelta(days=days)
    return actions.change_time(
        order, starts_at=start, ends_at=start + 2 * HOUR, by=by or make_coordinator(), at=at
    )


def test_change_time_moves_every_task_its_calendar_and_its_reminders(at):
    order = make_search(at, experts_wanted=2)
    agreed = [make_agreed(at, order=order), make_agreed(at, order=order)]
    gone = make_agreed(at)

    change(order, at)

    start = at + timedelta(days=16)
    for task in agreed:
        task.refresh_from_db()
        assert (task.starts_at, task.ends_at) == (start, start + 2 * HOUR)
        assert task.calendar_version == 1
    time = order.times.get()
    assert (time.starts_at, time.is_settled) == (start, True)
    told = letters("changed")
    people = {order.contact, *(task.expert.user for task in agreed)}
    assert {letter.reader for letter in told} == people
    for letter in told:
        assert "METHOD:REQUEST" in letter.calendar
        sequence = 3 if letter.reader == order.contact else 1  # two tasks, each agreed and moved
        assert f"SEQUENCE:{sequence}" in letter.calendar
        assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in letter.calendar
    reminders = letters("reminder").exclude(reader__in=[gone.expert.user, gone.order.contact])
    assert {letter.reader for letter in reminders} == people
    assert {letter.not_before_at for letter in reminders} == {start - 2 * DAY}
    moved = AuditEvent.objects.filter(act="assignments.change_time")
    assert [moved.filter(object_type=of).count() for of in OF] == [2, 1]


def test_change_time_to_another_wish_of_the_orderer_uses_it_up(at):
    offer = make_offer(at, days=(14, 16))
    actions.accept(
        offer,
        by=offer.expert.user,
        at=at,
        via=Via.DESK,
        time=offer.order.times.get(starts_at=at + 14 * DAY),
    )

    change(offer.order, at)

    assert [t.starts_at for t in offer.order.times.all()] == [at + 16 * DAY]


def test_change_time_onto_another_task_of_the_expert_changes_nothing(at):
    order = make_search(at, experts_wanted=2)
    free, busy = make_agreed(at, order=order), make_agreed(at, order=order)
    make_agreed(at, expert=busy.expert, days=(16,))

    with pytest.raises(AlreadyBooked):
        change(order, at)

    free.refresh_from_db()
    assert (free.starts_at, free.calendar_version) == (at + 14 * DAY, 0)
    assert order.times.get().starts_at == at + 14 * DAY
    assert not letters("changed").exists()


def test_change_time_is_for_the_counter(at):
    task = make_agreed(at)

    for stranger in (task.order.contact, task.expert.user, make_person()):
        with pytest.raises(PermissionDenied):
            change(task.order, at, by=stranger)


def test_change_time_of_what_has_not_been_agreed_is_refused(at):
    with pytest.raises(WrongState):
        change(make_search(at), at)


def test_change_time_into_the_past_or_of_what_has_begun_is_too_late(at):
    task = make_agreed(at)

    with pytest.raises(TooLate):
        change(task.order, at, days=-1)
    with pytest.raises(TooLate):
        change(task.order, at + BEGUN)


def test_change_time_to_an_end_before_the_start_is_refused_by_the_database(at):
    task = make_agreed(at)
    start = at + timedelta(days=16)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.change_time(
            task.order, starts_at=start, ends_at=start - HOUR, by=make_coordinator(), at=at
        )


def test_move_of_a_task_to_nonsense_keeps_the_databases_own_words(at):
    task = make_agreed(at)

    with pytest.raises(IntegrityError, match="assignment_start_before_end"):
        agreed._move_to(task, at, at - HOUR, at=at)


def test_change_time_after_the_expert_cancelled_is_for_whoever_comes_next(at):
    task = make_agreed(at)
    cancel(task, at)

    change(task.order, at)

    assert make_agreed(at, order=task.order).starts_at == at + 16 * DAY
    assert not letters("changed").exists()


def test_change_time_is_told_to_who_is_still_asked_or_has_signed_up(at):
    order = make_search(at, experts_wanted=3, is_open_call=True)
    make_agreed(at, order=order)
    asked = make_offer(at, order=order)
    signed_up = make_sign_up(at, order=order)

    change(order, at)

    told = Letter.objects.filter(kind="assignments.offer_changed")
    assert {letter.reader for letter in told} == {asked.expert.user, signed_up.expert.user}
    with translation.override("fi"):
        new, old = (
            formats.date_format(helsinki(at + n * DAY), "SHORT_DATE_FORMAT") for n in (16, 14)
        )
    said = [letter.body.splitlines()[0] for letter in told]
    assert [line.startswith(f"Aika on nyt: {new} klo ") for line in said] == [True, True]
    assert [f". Aiemmin se oli: {old} klo " in line for line in said] == [True, True]


def test_change_time_of_an_order_that_has_ended_is_refused(at):
    task = make_agreed(at)
    actions.finish(task, by=task.expert.user, at=at + BEGUN)

    with pytest.raises(WrongState):
        change(task.order, at + BEGUN)


def test_reason_of_a_cancelled_task_is_unreadable_in_the_database(at):
    task = make_agreed(at)

    actions.cancel(task, whose=CancelledBy.EXPERT, reason="Sairastuin", by=task.expert.user, at=at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT cancel_reason FROM assignments_assignment")
        assert "Sairastuin" not in cursor.fetchone()[0]
    task.refresh_from_db()
    assert task.cancel_reason == "Sairastuin"
