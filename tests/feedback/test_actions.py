"""After a task: closing it, feedback from both sides, talks, and what changed; each with its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.assignments.states import AssignmentState
from luukku.audit.models import AuditEvent
from luukku.core.links import read
from luukku.core.times import helsinki
from luukku.feedback import actions, tasks
from luukku.feedback.actions import GivenAlready, NotDone
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.feedback.states import DebriefState
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Order
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.experts import make_expert
from tests.factories.feedback import ANSWERS, give
from tests.factories.orders import make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters(kind, **filters):
    return Letter.objects.filter(kind=f"feedback.{kind}", **filters)


def strangers(at):
    return [make_person(), make_orderer(at=at), make_expert(at=at).user]


# Closing a task


def test_close_task_asks_both_sides_by_signed_links_of_their_own(at):
    task = make_agreed(at)

    task = actions.close_task(task, by=task.expert.user, at=task.ends_at)

    assert task.state == AssignmentState.DONE
    for side, person in ((Side.EXPERT, task.expert.user), (Side.ORDERER, task.order.contact)):
        letter = letters("wanted", reader=person).get()
        token = letter.link.rstrip("/").rpartition("/")[2]
        link = read(token, purpose=f"feedback-{side}", max_age=timedelta(days=1))
        assert (link.object_id, link.person_id) == (task.pk, person.pk)


def test_close_task_plans_to_ask_what_changed_once_for_the_order(at, settings):
    order = make_search(at, experts_wanted=2)
    first, second = make_agreed(at, order=order), make_agreed(at, order=order)

    for task, later in ((first, 0), (second, 5)):
        actions.close_task(task, by=task.expert.user, at=task.ends_at + later * DAY)

    asked = WhatChanged.objects.get()
    days = timedelta(days=settings.LUUKKU_ASK_CHANGED_AFTER_DAYS)
    assert asked.ask_on == helsinki(first.ends_at).date() + days
    assert (asked.order, asked.asked_at) == (order, None)


def test_close_task_by_a_stranger_is_refused(at):
    task = make_agreed(at)

    for stranger in strangers(at):
        with pytest.raises(PermissionDenied):
            actions.close_task(task, by=stranger, at=task.ends_at)

    assert not letters("wanted").exists()


def test_close_task_before_it_began_is_refused(at):
    task = make_agreed(at)

    with pytest.raises(WrongState):
        actions.close_task(task, by=task.expert.user, at=at)


def test_close_past_closes_what_ended_a_day_ago(at):
    task, later = make_agreed(at), make_agreed(at, days=(15,))
    cancelled = make_agreed(at)
    assignments.cancel(
        cancelled, whose=CancelledBy.EXPERT, reason="", by=cancelled.expert.user, at=at
    )

    early = actions.close_past(at=task.ends_at + DAY - timedelta(minutes=1))
    count = actions.close_past(at=task.ends_at + DAY)

    for one in (task, later, cancelled):
        one.refresh_from_db()
    assert (early, count) == (0, 1)
    assert [task.state, later.state, cancelled.state] == ["done", "agreed", "cancelled"]
    event = AuditEvent.objects.get(act="assignments.finish")
    assert event.actor_id == User.objects.machine().pk


def test_close_past_passes_over_what_somebody_closes_meanwhile(at, monkeypatch):
    task, other = make_agreed(at), make_agreed(at)
    close = actions.close_task

    def somebody_is_faster(assignment, *, by, at):
        if assignment == task:
            close(assignment, by=task.expert.user, at=at)
        return close(assignment, by=by, at=at)

    monkeypatch.setattr(actions, "close_task", somebody_is_faster)
    count = actions.close_past(at=task.ends_at + DAY)

    other.refresh_from_db()
    assert (count, other.state) == (1, AssignmentState.DONE)


# Feedback


@pytest.mark.parametrize("side", Side)
def test_give_keeps_the_answers_and_is_audited_without_them(at, side):
    task = make_done(at)

    feedback = give(task, side, task.ends_at, via=Via.LINK)

    person = task.expert.user if side == Side.EXPERT else task.order.contact
    assert {name: getattr(feedback, name) for name in ANSWERS} == ANSWERS
    assert (feedback.given_by, feedback.given_at, feedback.via) == (person, task.ends_at, "link")
    event = AuditEvent.objects.get(act=f"feedback.give_as_{side.value}")
    assert (event.object_id, event.data) == (str(feedback.pk), {})


def test_give_keeps_free_words_unreadable_in_the_database(at):
    feedback = give(make_done(at), Side.EXPERT, at, words="Pelotti ensin")

    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text FROM feedback_feedback")
        assert "Pelotti" not in cursor.fetchone()[0]
    assert Feedback.objects.get(pk=feedback.pk).words == "Pelotti ensin"


@pytest.mark.parametrize("side", Side)
def test_give_on_somebody_elses_side_is_refused(at, side):
    task = make_done(at)
    other = task.order.contact if side == Side.EXPERT else task.expert.user

    for stranger in [other, make_coordinator(), *strangers(at)]:
        with pytest.raises(PermissionDenied):
            give(task, side, at, by=stranger)

    assert not Feedback.objects.exists()


def test_right_to_give_is_asked_of_the_task_as_it_is_under_the_lock(at):
    """The task was read before its order was given to another organisation."""
    task = make_done(at)
    contact = task.order.contact
    Order.objects.update(organisation=make_vetted_organisation())

    with pytest.raises(PermissionDenied):
        give(task, Side.ORDERER, at, by=contact)

    assert not Feedback.objects.exists()


def test_give_by_a_colleague_of_the_contact_person_counts_as_the_orderers(at):
    task = make_done(at)
    colleague = make_orderer(task.order.organisation, at=at)

    assert give(task, Side.ORDERER, at, by=colleague).given_by == colleague


def test_give_twice_is_refused(at):
    task = make_done(at)
    give(task, Side.EXPERT, at)

    with pytest.raises(GivenAlready):
        give(task, Side.EXPERT, at, words="Vielä yksi asia")

    assert Feedback.objects.get().words == ANSWERS["words"]


def test_give_before_the_task_was_done_is_refused(at):
    with pytest.raises(NotDone):
        give(make_agreed(at), Side.EXPERT, at)


@pytest.mark.parametrize("scale", ["smooth", "useful", "heard", "again"])
@pytest.mark.parametrize("value", [0, 6])
def test_database_refuses_answers_off_the_scale(at, scale, value):
    task = make_done(at)

    with pytest.raises(IntegrityError, match=f"feedback_{scale}"), transaction.atomic():
        give(task, Side.EXPERT, at, **{scale: value})


def test_give_by_the_second_side_closes_the_order(at):
    task = make_done(at)

    give(task, Side.EXPERT, task.ends_at)
    task.order.refresh_from_db()
    state_between = task.order.state
    give(task, Side.ORDERER, task.ends_at)

    task.order.refresh_from_db()
    assert (state_between, task.order.state) == (OrderState.DONE, OrderState.CLOSED)


def test_give_waits_for_the_feedback_of_every_task_of_the_order(at):
    order = make_search(at, experts_wanted=2)
    done = [make_agreed(at, order=order), make_agreed(at, order=order)]
    done = [actions.close_task(task, by=task.expert.user, at=task.ends_at) for task in done]

    states = []
    for task in done:
        for side in Side:
            give(task, side, task.ends_at)
            order.refresh_from_db()
            states.append(order.state)

    assert states == ["done", "done", "done", "closed"]


def test_give_by_both_while_another_task_goes_on_leaves_the_order_open(at):
    order = make_search(at, experts_wanted=2)
    task = make_agreed(at, order=order)
    make_agreed(at, order=order)
    task = actions.close_task(task, by=task.expert.user, at=task.ends_at)

    for side in Side:
        give(task, side, task.ends_at)

    order.refresh_from_db()
    assert order.state == OrderState.STAFFED


def test_close_old_closes_after_thirty_days_with_what_there_is(at):
    task, later = make_done(at), make_done(at + DAY)

    early = actions.close_old(at=task.ends_at + 30 * DAY - timedelta(minutes=1))
    count = actions.close_old(at=task.ends_at + 30 * DAY)

    task.order.refresh_from_db()
    later.order.refresh_from_db()
    assert (early, count) == (0, 1)
    assert (task.order.state, later.order.state) == (OrderState.CLOSED, OrderState.DONE)


def test_close_old_passes_over_what_somebody_closes_meanwhile(at, monkeypatch):
    task, other = make_done(at), make_done(at)
    close = actions.orders.close

    def somebody_is_faster(order, *, by, at):
        if order == task.order:
            close(order, by=by, at=at)
        return close(order, by=by, at=at)

    monkeypatch.setattr(actions.orders, "close", somebody_is_faster)

    assert actions.close_old(at=task.ends_at + 31 * DAY) == 1
    other.order.refresh_from_db()
    assert other.order.state == OrderState.CLOSED


# Talks


def test_ask_debrief_waits_for_the_counter_and_says_so(at):
    task = make_done(at)

    debrief = actions.ask_debrief(task, by=task.expert.user, at=at)

    assert (debrief.state, debrief.asked_at) == (DebriefState.ASKED, at)
    assert letters("debrief_asked").get().reader == task.expert.user
    assert AuditEvent.objects.get(act="feedback.ask_debrief").object_id == str(debrief.pk)


def test_ask_debrief_twice_changes_nothing(at):
    task = make_done(at)
    first = actions.ask_debrief(task, by=task.expert.user, at=at)

    again = actions.ask_debrief(task, by=task.expert.user, at=at + DAY)

    assert (again, again.asked_at) == (first, at)
    assert letters("debrief_asked").count() == 1


def test_ask_debrief_again_after_the_first_was_held(at):
    task = make_done(at)
    first = actions.ask_debrief(task, by=task.expert.user, at=at)
    actions.hold(first, by=make_coordinator(), at=at)

    again = actions.ask_debrief(task, by=task.expert.user, at=at + DAY)

    assert again != first
    assert letters("debrief_asked").count() == 2


def test_ask_debrief_by_somebody_who_took_no_part_is_refused(at):
    task = make_done(at)

    for stranger in [make_coordinator(), *strangers(at)]:
        with pytest.raises(PermissionDenied):
            actions.ask_debrief(task, by=stranger, at=at)

    assert not Debrief.objects.exists()


@pytest.mark.parametrize("act,state", [("hold", DebriefState.HELD), ("drop", DebriefState.DROPPED)])
def test_debrief_is_handled_once_by_the_counter_only(at, act, state):
    task, counter = make_done(at), make_coordinator()
    debrief = actions.ask_debrief(task, by=task.order.contact, at=at)

    for stranger in [task.order.contact, task.expert.user, make_person()]:
        with pytest.raises(PermissionDenied):
            getattr(actions, act)(debrief, by=stranger, at=at)
    handled = getattr(actions, act)(debrief, by=counter, at=at + DAY)

    assert (handled.state, handled.handled_by) == (state, counter)
    for again in (actions.hold, actions.drop):
        with pytest.raises(WrongState):
            again(debrief, by=counter, at=at)


# What changed


def due(task):
    """Noon of the day on which the orderer is asked."""
    asked = WhatChanged.objects.get(order=task.order)
    day = asked.ask_on
    return task.ends_at.replace(year=day.year, month=day.month, day=day.day)


def test_ask_what_changed_asks_on_its_day_once(at):
    task = make_done(at)
    day = due(task)

    counts = [actions.ask_what_changed(at=moment) for moment in (day - DAY, day, day + DAY)]

    assert counts == [0, 1, 0]
    letter = letters("what_changed_asked").get()
    assert letter.reader == task.order.contact
    token = letter.link.rstrip("/").rpartition("/")[2]
    assert read(token, purpose="changed", max_age=DAY).object_id == task.order_id
    assert WhatChanged.objects.get().asked_at == day


def test_ask_what_changed_leaves_those_who_have_told_alone(at):
    task = make_done(at)
    tell(task, task.ends_at)

    assert actions.ask_what_changed(at=due(task)) == 0


def test_ask_what_changed_passes_over_what_another_worker_holds(at, monkeypatch):
    task = make_done(at)
    real = WhatChanged.objects.none

    class Held(type(WhatChanged.objects.all())):
        def select_for_update(self, **kwargs):
            return real()

    monkeypatch.setattr(WhatChanged.objects, "_queryset_class", Held)
    assert actions.ask_what_changed(at=due(task)) == 0
    assert not letters("what_changed_asked").exists()


def tell(task, at, **changes):
    fields = {"words": "Odotustila muuttui.", "by": task.order.contact, "via": Via.DESK}
    return actions.tell_what_changed(task.order, at=at, **(fields | changes))


def test_tell_what_changed_reaches_those_who_did_the_task(at):
    order = make_search(at, experts_wanted=2)
    done, gone = make_agreed(at, order=order), make_agreed(at, order=order)
    done = actions.close_task(done, by=done.expert.user, at=done.ends_at)
    assignments.cancel(
        gone, whose=CancelledBy.EXPERT, reason="", by=gone.expert.user, at=gone.ends_at
    )

    answer = tell(done, at + 100 * DAY, via=Via.LINK)

    assert (answer.words, answer.via) == ("Odotustila muuttui.", Via.LINK)
    assert (answer.answered_by, answer.answered_at) == (order.contact, at + 100 * DAY)
    letter = letters("what_changed_told").get()
    assert letter.reader == done.expert.user
    assert "Odotustila" not in letter.subject + letter.body


def test_tell_what_changed_again_replaces_the_words_and_tells_nobody_twice(at):
    task = make_done(at)
    tell(task, at)

    tell(task, at + DAY, words="Nyt näkyy enemmän.")

    assert WhatChanged.objects.get().words == "Nyt näkyy enemmän."
    assert letters("what_changed_told").count() == 1


def test_tell_what_changed_by_anybody_else_is_refused(at):
    task = make_done(at)

    for stranger in [task.expert.user, make_coordinator(), *strangers(at)]:
        with pytest.raises(PermissionDenied):
            tell(task, at, by=stranger)


def test_tell_what_changed_before_anything_was_done_is_refused(at):
    with pytest.raises(NotDone):
        tell(make_agreed(at), at)


# Links once more, and scheduled work


def test_send_links_again_writes_each_waiting_task_at_most_once_an_hour(at):
    task = make_done(at)
    given = make_done(at, expert=make_expert(at=at, user=task.order.contact))
    give(given, Side.EXPERT, at)
    person = task.order.contact

    counts = [
        actions.send_links_again(person, at=at + timedelta(minutes=minutes))
        for minutes in (0, 30, 61)
    ]

    assert counts == [1, 1, 1]
    again = letters("wanted", reader=person, key__contains=":again:")
    assert again.count() == 2


def test_scheduled_work_closes_and_asks(now):
    made = now - timedelta(days=120)
    past = make_agreed(made)
    old = make_done(made)

    closed = tasks.close_past.call()
    asked = tasks.ask_what_changed.call()

    past.refresh_from_db()
    old.order.refresh_from_db()
    assert (closed, past.state, old.order.state) == (2, "done", OrderState.CLOSED)
    assert asked == 1
    assert letters("what_changed_asked").get().reader == old.order.contact


# On behalf of somebody who called


@pytest.mark.parametrize("side", Side)
def test_counter_writes_down_what_either_side_says(at, side):
    task, counter = make_done(at), make_coordinator()
    person = task.expert.user if side == Side.EXPERT else task.order.contact

    feedback = give(task, side, at, by=counter, via=Via.COUNTER, on_behalf_of=person)
    debrief = actions.ask_debrief(task, by=counter, at=at, on_behalf_of=person)

    assert (feedback.given_by, debrief.asked_by) == (person, person)
    events = AuditEvent.objects.filter(act__startswith="feedback.", actor_id=counter.pk)
    assert {event.on_behalf_of_id for event in events} == {person.pk}
    assert letters("debrief_asked", reader=person).exists()


def test_counter_writes_down_what_changed(at):
    task, counter = make_done(at), make_coordinator()

    answer = tell(task, at, by=counter, via=Via.COUNTER, on_behalf_of=task.order.contact)

    assert answer.answered_by == task.order.contact
    event = AuditEvent.objects.get(act="feedback.tell_what_changed")
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, task.order.contact_id)


def test_nobody_but_the_counter_speaks_for_another(at):
    task = make_done(at)
    expert, orderer = task.expert.user, task.order.contact

    for stranger in strangers(at):
        with pytest.raises(PermissionDenied):
            give(task, Side.EXPERT, at, by=stranger, on_behalf_of=expert)
        with pytest.raises(PermissionDenied):
            actions.ask_debrief(task, by=stranger, at=at, on_behalf_of=expert)
        with pytest.raises(PermissionDenied):
            tell(task, at, by=stranger, on_behalf_of=orderer)
    with pytest.raises(PermissionDenied):  # nor the counter for the wrong side
        give(task, Side.EXPERT, at, by=make_coordinator(), on_behalf_of=orderer)
    with pytest.raises(PermissionDenied):  # nor one side for the other
        actions.ask_debrief(task, by=orderer, at=at, on_behalf_of=expert)
    assert not Debrief.objects.exists()


# Read at the counter


def test_feedback_waits_for_a_reader_when_it_has_words_or_a_poor_scale(at):
    fine = ANSWERS | {"again": 3, "words": ""}
    calm = give(make_done(at), Side.EXPERT, at, **fine)
    poor = give(make_done(at), Side.EXPERT, at, **fine | {"heard": 2})
    wordy = give(make_done(at), Side.EXPERT, at, **fine | {"words": "Hyvä."})

    waiting = set(Feedback.objects.waiting())
    actions.read(poor, by=make_coordinator(), at=at)

    assert waiting == {poor, wordy}
    assert calm not in waiting
    assert set(Feedback.objects.waiting()) == {wordy}


def test_read_is_noted_once(at):
    feedback, first = give(make_done(at), Side.EXPERT, at), make_coordinator()

    actions.read(feedback, by=first, at=at)
    feedback = actions.read(feedback, by=make_coordinator("Toinen"), at=at + DAY)

    assert (feedback.read_by, feedback.read_at) == (first, at)
    assert AuditEvent.objects.filter(act="feedback.read").count() == 1


def test_read_is_for_the_counter(at):
    task = make_done(at)
    feedback = give(task, Side.EXPERT, at)

    for person in (*strangers(at), task.expert.user, task.order.contact):
        with pytest.raises(PermissionDenied):
            actions.read(feedback, by=person, at=at)
