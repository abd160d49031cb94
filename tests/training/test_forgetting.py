"""What somebody told to get into a training is let go of a year after it, whatever became of them."""

from datetime import UTC, datetime, timedelta

import pytest

from luukku.training import actions
from luukku.training.models import StopReason
from tests.factories.accounts import make_coordinator
from tests.factories.training import make_application, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def chosen(**told):
    run = make_run(AT)
    own = make_application(run, at=AT, why="Haluan.", needs="Kyyti.", barriers=["travel"], **told)
    return actions.choose(own, by=make_coordinator(), at=AT)


@pytest.mark.parametrize("days", [366, 3000])
def test_words_of_who_was_never_completed_are_let_go_of_however_late_the_worker_is(days):
    own = chosen()

    actions.forget_applications(at=own.run.event.ends_at + days * DAY)

    own.refresh_from_db()
    assert (own.why, own.needs, own.barriers) == ("", "", [])


def test_reason_of_who_stops_after_that_is_let_go_of_as_well():
    own = chosen()
    late = own.run.event.ends_at + 366 * DAY
    actions.forget_applications(at=late)
    actions.stop(own, by=make_coordinator(), reason=StopReason.WELLBEING, at=late + DAY)

    actions.forget_applications(at=late + 2 * DAY)

    own.refresh_from_db()
    assert own.stop_reason == StopReason.UNTOLD


def test_nothing_is_touched_twice():
    own = chosen()
    late = own.run.event.ends_at + 366 * DAY

    assert [actions.forget_applications(at=late + n * DAY) for n in range(2)] == [1, 0]
