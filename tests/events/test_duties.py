"""An event to which too few come waits for a decision; somebody holds it, moves the day or calls it off."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.core.duty import queue
from luukku.core.times import helsinki
from luukku.events import actions
from luukku.events.models import Answer, Question
from luukku.events.refusals import TooLateToDecide
from luukku.events.states import EventState, SignUpState
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def waiting(at):
    return [duty.key for duty in queue(kind="event", at=at)]


def make_thin(at, *, decided_in=0, **fields):
    """An event of three places that needs two people."""
    day = helsinki(at).date() + decided_in * DAY
    return make_event(at, min_seats=2, decide_on=day, **fields)


def test_event_waits_for_a_decision_from_its_day_on_until_enough_come(at):
    event, enough = make_thin(at), make_thin(at)
    make_thin(at, decided_in=1)
    make_thin(at, state=EventState.DRAFT)
    make_event(at)
    for _n in range(2):
        make_sign_up(enough)
    make_sign_up(event)
    make_sign_up(event, state=SignUpState.WAITING)

    assert waiting(at) == [event.pk]
    make_sign_up(event)
    assert waiting(at) == []


@pytest.mark.parametrize(
    "decide",
    [
        lambda event, **by: actions.run_anyway(event, **by),
        lambda event, **by: actions.decide_later(event, decide_on=helsinki(by["at"]).date() + 3 * DAY, **by),
        lambda event, **by: actions.cancel(event, reason="Liian vähän.", **by),
    ],
)  # fmt: skip
def test_each_decision_takes_it_from_the_queue(at, decide):
    event = make_thin(at)

    with pytest.raises(PermissionDenied):
        decide(event, by=make_person(), at=at)
    decide(event, by=event.responsible, at=at)

    assert waiting(at) == []


def test_day_that_was_moved_asks_again_and_lies_before_the_start(at):
    event = make_thin(at)
    today = helsinki(at).date()

    for day in (today, today - DAY, helsinki(event.starts_at).date() + DAY):
        with pytest.raises(TooLateToDecide):
            actions.decide_later(event, decide_on=day, by=event.responsible, at=at)
    actions.decide_later(event, decide_on=today + 3 * DAY, by=event.responsible, at=at)

    assert waiting(at) == []
    assert waiting(at + 3 * DAY) == [event.pk]


def test_moved_times_open_the_decision_again(at):
    event = make_thin(at)
    actions.run_anyway(event, by=event.responsible, at=at)
    times = [
        actions.Time(at + 9 * DAY, at + 9 * DAY + timedelta(hours=1), "", event.sessions.get().pk)
    ]

    actions.set_times(event, times, by=event.responsible, at=at)

    assert waiting(at) == [event.pk]


def test_answers_are_kept_with_who_is_put_on(at):
    event = make_event(at)
    question = Question.objects.create(event=event, number=1, words_fi="Ruoka?")

    own = actions.put_on(
        event, make_person(), by=event.responsible, at=at, answers={question.pk: "Kaikki käy"}
    )

    assert Answer.objects.get(sign_up=own).words == "Kaikki käy"
