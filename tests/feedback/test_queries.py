"""Reading feedback, and who may."""

from datetime import timedelta

import pytest

from luukku.assignments.models import Via
from luukku.feedback import actions, queries
from luukku.feedback.models import Debrief, Side, WhatChanged
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_done
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)


def test_side_of_the_expert_is_their_own_and_of_others_the_orderers(at):
    task = make_agreed(at)

    assert queries.side_of(task.expert.user, task) == Side.EXPERT
    assert queries.side_of(task.order.contact, task) == Side.ORDERER


@pytest.mark.parametrize("count", [1, 3])
def test_awaiting_feedback_are_the_done_ones_of_ones_own_side(at, count, django_assert_num_queries):
    expert, orderer = make_expert(at=at), make_orderer(at=at)
    waiting = [make_done(at, expert=expert, orderer=orderer, days=(10 + n,)) for n in range(count)]
    for task in waiting:
        give(task, Side.ORDERER, at)
    told = make_done(at, expert=expert, orderer=orderer, days=(20,))
    give(told, Side.EXPERT, at)
    make_agreed(at, expert=expert, days=(21,))

    person = expert.user  # read before: a fresh row asks for it by itself

    with django_assert_num_queries(1):
        as_expert = list(queries.awaiting_feedback(person))

    assert as_expert == waiting[::-1]
    assert list(queries.awaiting_feedback(orderer)) == [told]


@pytest.mark.parametrize("count", [1, 3])
def test_awaiting_what_changed_are_the_questions_asked_and_not_answered(
    at, count, django_assert_num_queries
):
    orderer = make_orderer(at=at)
    tasks = [make_done(at + n * DAY, orderer=orderer) for n in range(count + 1)]
    later = tasks[-1].ends_at + 365 * DAY
    actions.ask_what_changed(at=later)
    actions.tell_what_changed(tasks[-1].order, words="Paljon.", by=orderer, at=later, via=Via.DESK)
    make_done(later, orderer=orderer)  # not asked yet
    make_done(at)

    with django_assert_num_queries(1):
        found = [asked.order for asked in queries.awaiting_what_changed(orderer)]

    assert found == [task.order for task in tasks[:-1]]


@pytest.mark.parametrize("count", [1, 3])
def test_open_debriefs_come_oldest_first(at, count, django_assert_num_queries):
    tasks = [make_done(at) for _ in range(count + 1)]
    debriefs = [
        actions.ask_debrief(task, by=task.expert.user, at=at - n * DAY)
        for n, task in enumerate(tasks)
    ]
    actions.hold(debriefs[0], by=make_coordinator(), at=at)

    with django_assert_num_queries(1):
        found = list(queries.open_debriefs())

    assert found == debriefs[:0:-1]


def test_rows_name_themselves_by_numbers_only(at):
    task = make_done(at)
    feedback = give(task, Side.EXPERT, at)
    debrief = actions.ask_debrief(task, by=task.expert.user, at=at)

    assert str(feedback) == f"feedback {feedback.pk}"
    assert str(WhatChanged.objects.get()) == f"what changed: order {task.order_id}"
    assert str(Debrief.objects.get()) == f"debrief {debrief.pk}"
