"""Feedback from several windows at the same moment."""

from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.feedback import actions
from luukku.feedback.actions import GivenAlready
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.notices.models import Letter
from luukku.orders.states import OrderState
from tests.factories.assignments import make_done
from tests.factories.feedback import give
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def task(at):
    """A task that both sides have been asked about."""
    User.objects.machine()
    return make_done(at)


@pytest.mark.parametrize("round_", range(3))
def test_both_sides_give_feedback_at_once_and_the_order_closes(task, round_):
    outcomes = at_once([partial(give, task, side, task.ends_at) for side in Side])

    assert errors(outcomes) == []
    task.order.refresh_from_db()
    assert task.order.state == OrderState.CLOSED


def test_one_side_gives_feedback_from_five_windows_at_once(task):
    outcomes = at_once([partial(give, task, Side.EXPERT, task.ends_at)] * 5)

    assert errors(outcomes) == [GivenAlready] * 4
    assert Feedback.objects.count() == 1


def test_one_wish_to_talk_from_five_windows_at_once(task):
    wish = partial(actions.ask_debrief, task, by=task.expert.user, at=task.ends_at)

    outcomes = at_once([wish] * 5)

    assert errors(outcomes) == []
    assert Debrief.objects.count() == 1


def test_two_workers_ask_what_changed_at_once(task, settings):
    asked = WhatChanged.objects.get()
    later = task.ends_at.replace(
        year=asked.ask_on.year, month=asked.ask_on.month, day=asked.ask_on.day
    )

    outcomes = at_once([partial(actions.ask_what_changed, at=later)] * 2)

    assert sorted(outcomes) == [0, 1]
    assert Letter.objects.filter(kind="feedback.what_changed_asked").count() == 1
