"""An expert's cancellation in the queue: said as such, with a deadline on a working day."""

from datetime import timedelta

import pytest

from luukku.assignments import actions
from luukku.core.duty import queue
from luukku.core.times import helsinki, is_working_day
from luukku.orders.models import CancelledBy
from tests.factories.assignments import make_agreed, make_search

pytestmark = pytest.mark.django_db


def kinds(at):
    return [duty.kind for duty in queue(at=at) if duty.kind in {"replacement", "staffing"}]


def cancelled(at, **changes):
    task = make_agreed(at, **changes)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="Sairastuin.", by=task.expert.user, at=at)
    return task


@pytest.mark.parametrize("later", range(7))
def test_cancellation_by_an_expert_is_due_on_a_working_day(at, later):
    day = at + timedelta(days=later)
    cancelled(day, days=(40,))

    (duty,) = queue(at=day, kind="replacement")

    assert str(duty.label) == "The expert cancelled: find another"
    assert is_working_day(helsinki(duty.due).date())
    assert day < duty.due <= day + timedelta(days=7)
    assert kinds(day) == ["replacement"]


def test_cancellation_near_the_task_is_due_at_once(at):
    cancelled(at, days=(2,))

    (duty,) = queue(at=at, kind="replacement")

    assert duty.due == at


def test_search_in_which_nobody_has_cancelled_is_as_before(at):
    make_search(at)

    assert kinds(at) == ["staffing"]
