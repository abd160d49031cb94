"""Dates of a series: one search, one offer, one letter; each date is answered and cancelled by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.dates import offers_together
from luukku.assignments.models import Assignment, Offer, Undo, Via
from luukku.assignments.queries import offers_to_answer, unanswered
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.core.times import when
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, UnmetDemand
from luukku.orders.queries import times_told, with_orderer, with_times
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_person
from tests.factories.assignments import ANSWER_TIME, make_agreed, make_offer
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_orderer, make_series

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YES = None


@pytest.fixture
def counter():
    return coordinator_of_orders()


@pytest.fixture
def searched(at, counter):
    """Make a series whose search is open."""

    def make(**changes):
        changes.setdefault("orderer", make_orderer(language="en"))
        series = make_series(at, **changes)[0].series
        orders.accept_series(series, by=counter, at=at)
        return actions.open_search_series(series, by=counter, at=at)

    return make


def ask(found, expert, *, at, counter):
    return actions.propose_series(
        found[0].series, expert, by=counter, at=at, answer_by=at + ANSWER_TIME
    )


def answer(offers, *, at, yes=(), no=(), by=None, **more):
    return actions.answer_series(
        offers[0],
        yes={offers[n].pk: YES for n in yes},
        no=[offers[n].pk for n in no],
        by=by or offers[0].expert.user,
        at=at,
        via=Via.DESK,
        **more,
    )


def states(rows):
    fresh = type(rows[0]).objects.filter(pk__in=[one.pk for one in rows]).order_by("pk")
    return list(fresh.values_list("state", flat=True))


def letters(kind, reader=None):
    found = Letter.objects.filter(kind=kind)
    return list(found.filter(reader=reader) if reader else found)


def test_search_of_a_series_is_opened_once_and_told_once(at, searched):
    found = searched()

    assert states(found) == [OrderState.SEARCHING] * 3
    assert [one.seats.count() for one in found] == [1, 1, 1]
    (letter,) = letters("orders.searching")
    assert [line for line in letter.body.split("\n") if line.startswith("Order ")] == [
        f"Order {one.pk}: {times_told(one)}" for one in found
    ]


def test_search_of_a_series_by_its_orderer_is_refused(at, counter):
    series = make_series(at)[0].series
    orders.accept_series(series, by=counter, at=at)

    with pytest.raises(PermissionDenied):
        actions.open_search_series(series, by=series.orders.first().contact, at=at)


def test_wished_expert_is_asked_for_all_dates_in_one_letter(at, searched):
    expert = make_expert(at=at)

    searched(wished_expert=expert)

    assert Offer.objects.filter(expert=expert, state=OfferState.PROPOSED).count() == 3
    assert len(letters("assignments.offered", expert.user)) == 1


def test_one_offer_lists_every_date_and_leads_to_one_page(at, counter, searched):
    found, expert = searched(), make_expert(user=make_person(language="en"), at=at)

    offers = ask(found, expert, at=at, counter=counter)

    assert [one.order_id for one in offers] == [one.pk for one in found]
    (letter,) = letters("assignments.offered", expert.user)
    assert [line for line in letter.body.split("\n") if line.startswith("–")] == [
        f"– {times_told(one)}" for one in found
    ]
    assert offers_together(offers[2]) == offers


def test_offer_of_a_series_by_an_orderer_is_refused(at, searched):
    found = searched()

    with pytest.raises(PermissionDenied):
        ask(found, make_expert(at=at), at=at, counter=found[0].contact)


def test_asking_again_makes_no_second_offer(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    ask(found, expert, at=at, counter=counter)

    with pytest.raises(actions.OfferedAlready):
        ask(found, expert, at=at, counter=counter)

    assert Offer.objects.count() == 3


def test_offer_of_a_series_without_a_search_is_refused(at, counter):
    series = make_series(at)[0].series

    with pytest.raises(WrongState):
        ask(list(series.orders.all()), make_expert(at=at), at=at, counter=counter)

    assert not Offer.objects.exists()


def test_offer_of_a_series_is_taken_back_in_one_letter(at, counter, searched):
    expert = make_expert(at=at)
    offers = ask(searched(), expert, at=at, counter=counter)
    answer(offers, at=at, no=[1])

    gone = actions.withdraw_series(offers[0], by=counter, at=at + timedelta(hours=1))

    assert [one.pk for one in gone] == [offers[0].pk, offers[2].pk]
    assert states(offers) == ["withdrawn", "declined", "withdrawn"]
    assert len(letters("assignments.withdrawn", expert.user)) == 1


def test_offer_of_a_series_is_taken_back_by_the_counter_alone(at, counter, searched):
    offers = ask(searched(), make_expert(at=at), at=at, counter=counter)

    with pytest.raises(PermissionDenied):
        actions.withdraw_series(offers[0], by=offers[0].order.contact, at=at)

    assert states(offers) == ["proposed"] * 3


def test_offer_of_a_series_that_has_been_answered_is_not_taken_back(at, counter, searched):
    offers = ask(searched(), make_expert(at=at), at=at, counter=counter)
    answer(offers, at=at, no=[0, 1, 2])

    with pytest.raises(WrongState):
        actions.withdraw_series(offers[0], by=counter, at=at)

    assert states(offers) == ["declined"] * 3


def test_date_on_which_the_expert_has_another_task_is_left_out(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    time = found[1].times.get()
    make_agreed(at, expert=expert, times=[(time.starts_at, time.ends_at)])

    offers = ask(found, expert, at=at, counter=counter)

    assert [one.order_id for one in offers] == [found[0].pk, found[2].pk]


def test_yes_to_some_dates_makes_their_tasks_and_the_rest_is_searched_on(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)

    answered = answer(offers, at=at, yes=[0, 2], no=[1])

    assert [task.order_id for task in answered.agreed] == [found[0].pk, found[2].pk]
    assert (states(offers), answered.missed) == (["accepted", "declined", "accepted"], [])
    assert states(found) == [OrderState.STAFFED, OrderState.SEARCHING, OrderState.STAFFED]


def test_yes_to_several_dates_is_one_letter_to_each_side(at, counter, searched):
    found, expert = searched(), make_expert(user=make_person(language="en"), at=at)
    offers = ask(found, expert, at=at, counter=counter)

    tasks = answer(offers, at=at, yes=[0, 2], no=[1]).agreed

    told = [f"– {when(task.starts_at, task.ends_at)}" for task in tasks]
    for reader in (expert.user, found[0].contact):
        (letter,) = letters("assignments.agreed", reader)
        assert [line for line in letter.body.split("\n") if line.startswith("–")] == told
        assert letter.calendar.count("BEGIN:VEVENT") == 2
    assert "For 1 time we still look for an expert." in letter.body
    assert letters("orders.staffed") == []
    assert Letter.objects.filter(kind="assignments.reminder", reader=expert.user).count() == 2


def handed_on(found, at, *groups):
    """Hand each group of the dates on to a contact person of its own; return these."""
    readers = [make_orderer(found[0].organisation, is_contact=False) for _group in groups]
    for reader, group in zip(readers, groups, strict=True):
        for n in group:
            actions.change_contact(found[n], reader, by=found[n].contact, at=at)
    return readers


def events(kind, reader, rows):
    """Return of which orders the letters of ``kind`` to ``reader`` carry a calendar entry."""
    calendar = "".join(one.calendar for one in letters(kind, reader))
    return [n for n, one in enumerate(rows) if f"UID:order-{one.pk}@" in calendar]


def test_yes_is_told_to_each_contact_person_of_their_own_dates(at, counter, searched):
    found, expert = searched(times_more=4), make_expert(at=at)
    several, single = handed_on(found, at, [1, 3], [4])
    offers = ask(found, expert, at=at, counter=counter)

    later = at + timedelta(hours=1)
    answer(offers, at=later, yes=range(5))

    told = [found[0].contact, several, single, expert.user]
    assert [len(letters("assignments.agreed", one)) for one in told] == [1] * 4
    assert [events("assignments.agreed", one, found) for one in told[:3]] == [[0, 2], [1, 3], [4]]


def test_end_is_told_to_each_contact_person_of_their_own_dates(at, counter, searched):
    found, expert = searched(times_more=4), make_expert(at=at)
    several, single = handed_on(found, at, [1, 3], [4])
    answer(ask(found, expert, at=at, counter=counter), at=at, yes=range(5))

    actions.cancel_series(
        found[0].series,
        whose=CancelledBy.COUNTER,
        reason="",
        by=counter,
        at=at + timedelta(hours=1),
    )

    told = [found[0].contact, several]
    assert [len(letters("orders.cancelled_together", one)) for one in told] == [1, 1]
    assert [events("orders.cancelled_together", one, found) for one in told] == [[0, 2], [1, 3]]
    assert letters("orders.cancelled_together", single) == []
    assert events("assignments.cancelled", single, found) == [4]
    assert len(letters("assignments.cancelled", expert.user)) == 1


def test_dates_without_an_answer_stay_open(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)

    answer(offers, at=at, no=[1])

    assert states(offers) == ["proposed", "declined", "proposed"]


def test_date_that_somebody_else_took_is_missed_and_the_others_stand(at, counter, searched):
    found, first, second = searched(), make_expert(at=at), make_expert(at=at)
    faster, slower = (ask(found, one, at=at, counter=counter) for one in (first, second))
    answer(faster, at=at, yes=[1])

    answered = answer(slower, at=at, yes=[0, 1, 2])

    assert [task.order_id for task in answered.agreed] == [found[0].pk, found[2].pk]
    assert [offer.order_id for offer, _why in answered.missed] == [found[1].pk]
    assert Assignment.objects.live().count() == 3


def test_answer_sent_twice_changes_nothing(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)
    answer(offers, at=at, yes=[0, 1], no=[2])

    again = answer(offers, at=at + timedelta(seconds=1), yes=[0, 1], no=[2])

    assert (again.agreed, again.declined, len(again.missed)) == ([], [], 3)
    assert Assignment.objects.count() == 2
    assert len(letters("assignments.agreed")) == 2


def test_date_cancelled_while_the_expert_thinks_is_missed(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)
    actions.cancel_order(found[0], whose=CancelledBy.ORDERER, reason="", by=found[0].contact, at=at)

    answered = answer(offers, at=at, yes=[0, 1])

    assert [task.order_id for task in answered.agreed] == [found[1].pk]
    assert [offer.order_id for offer, _why in answered.missed] == [found[0].pk]


def test_offer_that_belongs_to_no_series_is_answered_likewise(at):
    offer = make_offer(at)

    answered = answer([offer], at=at, yes=[0])

    assert [task.order_id for task in answered.agreed] == [offer.order_id]


def test_answer_by_somebody_else_is_refused(at, counter, searched):
    offers = ask(searched(), make_expert(at=at), at=at, counter=counter)

    with pytest.raises(PermissionDenied):
        answer(offers, at=at, yes=[0, 1], by=make_expert(at=at).user)

    assert states(offers) == ["proposed"] * 3


def test_offers_of_somebody_else_are_not_answered_with_ones_own(at, counter, searched):
    found = searched()
    mine, theirs = (ask(found, make_expert(at=at), at=at, counter=counter) for _n in range(2))

    actions.answer_series(
        mine[0], yes={theirs[0].pk: YES}, no=[], by=mine[0].expert.user, at=at, via=Via.LINK
    )

    assert states(theirs) == ["proposed"] * 3


def test_others_are_thanked_in_one_letter_for_all_dates_that_went(at, counter, searched):
    found, first, second = searched(), make_expert(at=at), make_expert(at=at)
    faster, slower = (ask(found, one, at=at, counter=counter) for one in (first, second))

    answer(faster, at=at, yes=[0, 1], no=[2])

    assert states(slower) == ["withdrawn", "withdrawn", "proposed"]
    assert len(letters("assignments.filled", second.user)) == 1


def test_silence_about_a_series_ends_in_one_letter(at, counter, searched):
    offers = ask(searched(), make_expert(at=at), at=at, counter=counter)

    count = actions.expire_overdue(at=at + ANSWER_TIME)

    assert (count, states(offers)) == (3, ["expired"] * 3)
    assert len(letters("assignments.expired")) == 1


def test_counter_writes_down_an_answer_to_several_dates_and_takes_it_back(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)
    before, later = Letter.objects.count(), at + timedelta(hours=1)
    with actions.undoable(*found, by=counter, at=later):
        answer(offers, at=later, yes=[0, 1], no=[2], by=counter, on_behalf_of=expert.user)

    actions.undo(Undo.objects.get(), by=counter, at=later)

    assert (states(offers), states(found)) == (["proposed"] * 3, ["searching"] * 3)
    assert (Assignment.objects.count(), Letter.objects.count()) == (0, before)
    assert AuditEvent.objects.filter(act="assignments.undo").count() == 3


# -- The same expert every time ---------------------------------------------------------------------


@pytest.mark.parametrize("yes, no", [([0, 1], [2]), ([0], []), ([0, 1], [])])
def test_same_expert_is_a_yes_to_all_or_none(at, counter, searched, yes, no):
    offers = ask(searched(is_one_expert=True), make_expert(at=at), at=at, counter=counter)

    with pytest.raises(actions.EveryDateNeeded):
        answer(offers, at=at, yes=yes, no=no)

    assert states(offers) == ["proposed"] * 3


def test_same_expert_says_yes_to_all(at, counter, searched):
    found = searched(is_one_expert=True)
    offers = ask(found, make_expert(at=at), at=at, counter=counter)

    answer(offers, at=at, yes=[0, 1, 2])

    assert states(found) == [OrderState.STAFFED] * 3


def test_single_yes_is_refused_where_the_same_expert_is_wanted(at, counter, searched):
    offers = ask(searched(is_one_expert=True), make_expert(at=at), at=at, counter=counter)

    with pytest.raises(actions.EveryDateNeeded):
        actions.accept(offers[0], by=offers[0].expert.user, at=at, via=Via.DESK)


def test_same_expert_who_is_booked_on_one_date_is_not_asked(at, counter, searched):
    found, expert = searched(is_one_expert=True), make_expert(at=at)
    time = found[1].times.get()
    make_agreed(at, expert=expert, times=[(time.starts_at, time.ends_at)])

    with pytest.raises(actions.AlreadyBooked):
        ask(found, expert, at=at, counter=counter)

    assert not Offer.objects.filter(order__in=found).exists()


def test_same_expert_booked_meanwhile_says_yes_to_nothing(at, counter, searched):
    found, expert = searched(is_one_expert=True), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)
    time = found[1].times.get()
    make_agreed(at, expert=expert, times=[(time.starts_at, time.ends_at)])

    with pytest.raises(actions.AlreadyBooked):
        answer(offers, at=at, yes=[0, 1, 2])

    assert (states(offers), states(found)) == (["proposed"] * 3, ["searching"] * 3)


def test_date_that_the_expert_cancels_is_agreed_anew_by_itself(at, counter, searched):
    found = searched(is_one_expert=True)
    offers = ask(found, make_expert(at=at), at=at, counter=counter)
    task = answer(offers, at=at, yes=[0, 1, 2]).agreed[1]
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)
    another = make_expert(at=at)

    (offer,) = ask(found, another, at=at, counter=counter)
    actions.accept(offer, by=another.user, at=at, via=Via.DESK)

    assert states(found) == [OrderState.STAFFED] * 3


def test_search_of_a_series_ends_in_one_letter_to_each_and_every_date_is_counted(
    at, counter, searched
):
    found, expert = searched(), make_expert(at=at)
    ask(found, expert, at=at, counter=counter)

    later = at + timedelta(hours=1)
    actions.give_up_series(found[0].series, failure=Failure.THEME, by=counter, at=later)

    assert states(found) == [OrderState.NOT_FOUND] * 3
    assert UnmetDemand.objects.count() == 3
    assert len(letters("orders.not_found_together", found[0].contact)) == 1
    assert letters("orders.not_found") == []
    assert len(letters("assignments.withdrawn", expert.user)) == 1


def test_search_of_a_series_is_not_ended_by_its_orderer(at, searched):
    found = searched()

    with pytest.raises(PermissionDenied):
        actions.give_up_series(found[0].series, failure=Failure.THEME, by=found[0].contact, at=at)

    assert states(found) == [OrderState.SEARCHING] * 3


# -- Cancelling and the queue -----------------------------------------------------------------------


def test_one_date_is_cancelled_by_itself(at, counter, searched):
    found = searched()
    offers = ask(found, make_expert(at=at), at=at, counter=counter)
    tasks = answer(offers, at=at, yes=[0, 1, 2]).agreed

    actions.cancel_order(found[1], whose=CancelledBy.ORDERER, reason="", by=found[1].contact, at=at)

    assert states(tasks) == ["agreed", "cancelled", "agreed"]


def test_all_the_rest_is_cancelled_in_one_letter_to_each(at, counter, searched):
    found, expert, other = searched(times_more=3), make_expert(at=at), make_expert(at=at)
    answer(ask(found, expert, at=at, counter=counter), at=at, yes=[0, 1], no=[2, 3])
    ask(found, other, at=at, counter=counter)

    actions.cancel_series(
        found[0].series,
        whose=CancelledBy.ORDERER,
        reason="Kurssi siirtyi.",
        by=found[0].contact,
        at=at + timedelta(hours=1),
    )

    assert states(found) == [OrderState.CANCELLED] * 4
    assert states(list(Assignment.objects.all())) == [AssignmentState.CANCELLED] * 2
    (to_expert,) = letters("assignments.cancelled", expert.user)
    assert "Kurssi siirtyi." in to_expert.body
    assert to_expert.calendar.count("METHOD:CANCEL") == 2
    assert len(letters("assignments.withdrawn", other.user)) == 1
    (to_orderer,) = letters("orders.cancelled_together", found[0].contact)
    assert to_orderer.calendar.count("METHOD:CANCEL") == 2
    assert letters("orders.cancelled") == letters("assignments.cancelled", found[0].contact) == []


def test_expert_of_one_date_hears_of_it_as_of_a_single_task(at, counter, searched):
    found, first, second = searched(), make_expert(at=at), make_expert(at=at)
    answer(ask(found, first, at=at, counter=counter), at=at, yes=[0, 1])
    answer(ask(found, second, at=at, counter=counter), at=at, yes=[0])
    later = at + timedelta(hours=1)

    actions.cancel_series(
        found[0].series, whose=CancelledBy.ORDERER, reason="", by=found[0].contact, at=later
    )

    told = [letters("assignments.cancelled", one.user) for one in (first, second)]
    assert [len(its) for its in told] == [1, 1]
    assert [its[0].calendar.count("METHOD:CANCEL") for its in told] == [2, 1]


def test_cancelling_the_rest_leaves_what_has_begun(at, counter, searched):
    found = searched()
    offers = ask(found, make_expert(at=at), at=at, counter=counter)
    tasks = answer(offers, at=at, yes=[0, 1, 2]).agreed

    actions.cancel_series(
        found[0].series,
        whose=CancelledBy.ORDERER,
        reason="",
        by=found[0].contact,
        at=tasks[0].starts_at,
    )

    assert states(tasks) == ["agreed", "cancelled", "cancelled"]


def test_cancelling_the_rest_is_refused_where_everything_has_begun(at, counter, searched):
    found = searched()
    offers = ask(found, make_expert(at=at), at=at, counter=counter)
    tasks = answer(offers, at=at, yes=[0, 1, 2]).agreed

    with pytest.raises(WrongState):
        actions.cancel_series(
            found[0].series,
            whose=CancelledBy.ORDERER,
            reason="",
            by=found[0].contact,
            at=tasks[2].starts_at,
        )

    assert states(tasks) == ["agreed"] * 3


def test_cancelling_the_last_date_of_a_series_is_told_as_a_single_one(at, counter, searched):
    found = searched()
    offers = ask(found, make_expert(at=at), at=at, counter=counter)
    tasks = answer(offers, at=at, yes=[0, 1, 2]).agreed

    actions.cancel_series(
        found[0].series,
        whose=CancelledBy.ORDERER,
        reason="",
        by=found[0].contact,
        at=tasks[1].starts_at,
    )

    assert states(tasks) == ["agreed", "agreed", "cancelled"]
    assert letters("orders.cancelled_together") == []
    assert len(letters("assignments.cancelled", found[0].contact)) == 1


def test_cancelling_the_rest_by_a_stranger_is_refused(at, searched):
    found = searched()

    with pytest.raises(PermissionDenied):
        actions.cancel_series(
            found[0].series, whose=CancelledBy.ORDERER, reason="", by=make_orderer(), at=at
        )

    assert states(found) == [OrderState.SEARCHING] * 3


def test_cancelling_the_rest_twice_is_refused(at, searched):
    found = searched()
    cancel = {"whose": CancelledBy.ORDERER, "reason": "", "by": found[0].contact, "at": at}
    actions.cancel_series(found[0].series, **cancel)

    with pytest.raises(WrongState):
        actions.cancel_series(found[0].series, **cancel)

    assert len(letters("orders.cancelled_together")) == 1


def test_search_and_silence_of_a_series_are_one_row_each_of_the_queue(at, counter, searched):
    found = searched(title="Luento")
    expert = make_expert(at=at)
    User.objects.filter(pk=expert.user_id).update(email=None)
    ask(found, expert, at=at, counter=counter)

    rows = [(one.pk, called.title) for one, called in call(queue(at=at, kind="staffing"))]
    silent = queue(at=at + ANSWER_TIME - timedelta(hours=1), kind="silent")

    assert rows == [(found[0].pk, with_times(with_orderer(found[0]), 3))]
    assert len(silent) == 1


def test_dates_of_a_series_are_one_row_at_the_desk_of_their_expert(at, counter, searched):
    found, expert = searched(), make_expert(at=at)
    offers = ask(found, expert, at=at, counter=counter)
    single = make_offer(at, expert=expert)

    rows = [(one.pk, one.dates) for one in offers_to_answer(expert, at=at)]

    assert sorted(rows) == [(offers[0].pk, 3), (single.pk, None)]
    assert unanswered(expert, at=at).count() == 4


def test_sign_up_is_not_opened_for_one_date_where_the_same_expert_is_wanted(at, counter, searched):
    found = searched(is_one_expert=True)

    with pytest.raises(ValueError, match="Nobody signs up to one date"):
        actions.change_details(found[1], by=counter, at=at, is_open_call=True)
