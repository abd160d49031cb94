"""What waits for the counter after a task, and what it is called in the queue."""

from datetime import timedelta

import pytest

from luukku.core.duty import Called, call, queue
from luukku.feedback import actions
from luukku.feedback.models import Side, WhatChanged
from tests.factories.assignments import make_agreed, make_done
from tests.factories.feedback import give

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def called(kind, at):
    return [(duty.pk, called) for duty, called in call(queue(at=at, kind=kind))]


def test_task_that_ended_waits_until_it_is_marked(at):
    task = make_agreed(at)

    before, after = (
        called("done", task.ends_at - timedelta(minutes=1)),
        called("done", task.ends_at),
    )

    title = f"{task.expert.code_name} · {task.order.title}"
    assert (before, after) == ([], [(task.order_id, Called(title))])


def test_wish_to_talk_is_called_by_who_wishes_with_their_number(at):
    task = make_done(at)
    person = task.expert.user
    debrief = actions.ask_debrief(task, by=person, at=task.ends_at)

    assert called("debrief", task.ends_at) == [
        (debrief.pk, Called(person.name, person.name, person.phone))
    ]


def test_unread_feedback_is_called_by_its_order(at):
    task = make_done(at)
    feedback = give(task, Side.EXPERT, task.ends_at)

    assert called("feedback", task.ends_at) == [(feedback.pk, Called(task.order.title))]


def test_orderer_who_does_not_say_what_changed_is_called_up_for_a_while(at):
    task = make_done(at)
    asked_at = task.ends_at + 100 * DAY
    WhatChanged.objects.update(asked_at=asked_at)
    order, contact = task.order, task.order.contact

    soon, in_time, late = (called("changed", asked_at + days * DAY) for days in (13, 14, 120))

    title = f"{order.title} · {order.organisation}"
    assert in_time == [(order.pk, Called(title, contact.name, contact.phone))]
    assert (soon, late) == ([], [])
