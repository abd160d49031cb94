"""Who is told what of a training: those who answer, those who wait, and those who take part no more."""

from datetime import UTC, datetime, timedelta

import pytest

from luukku.events import actions as events
from luukku.events.actions import Time
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.states import ApplicationState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(person, kind):
    return list(Letter.objects.filter(reader=person, kind=kind).order_by("pk"))


def test_new_application_is_told_to_everybody_who_stands_for_the_producer_and_not_to_the_clerk():
    run = make_run(AT)
    mine = [make_member(run.event.organiser, role=MemberRole.PRODUCER) for _n in range(2)]

    own = make_application(run, at=AT)

    assert [len(told(one, "training.new_application")) for one in mine] == [1, 1]
    assert told(run.event.responsible, "training.new_application") == []
    assert f"/orderer/applications/{own.pk}/" in told(mine[0], "training.new_application")[0].link


def test_who_answers_for_a_training_without_producers_is_told():
    run = make_run(AT, responsible=make_coordinator())

    own = make_application(run, at=AT)

    (letter,) = told(run.event.responsible, "training.new_application")
    assert f"/counter/applications/{own.pk}/" in letter.link


@pytest.mark.parametrize("who", ["producer", "own"])
def test_who_is_stopped_by_another_is_told_with_their_hours_and_who_stops_is_not(who):
    run, by = make_run(AT), make_coordinator()
    own = actions.choose(make_application(run, at=AT), by=by, at=AT)
    producer = make_member(run.event.organiser, role=MemberRole.PRODUCER)

    actions.stop(
        own, by={"producer": producer, "own": own.person}[who], at=run.event.starts_at + HOUR
    )

    letters = told(own.person, "training.stopped")
    assert len(letters) == (who == "producer")
    assert all("0 h yhdessä" in one.body for one in letters)


def test_who_loses_the_place_after_the_start_is_told_that_the_training_ended():
    run, by = make_run(AT), make_coordinator()
    own = actions.choose(make_application(run, at=AT), by=by, at=AT)

    events.withdraw(run.event.sign_ups.get(), by=by, at=run.event.starts_at + HOUR)

    assert len(told(own.person, "training.stopped")) == 1


def test_second_choice_that_is_not_held_is_told_and_the_first_stands():
    first, second = make_run(AT), make_run(AT)
    own = make_application(first, at=AT, second=second)

    events.cancel(second.event, by=make_coordinator(), at=AT, reason="Kouluttaja sairastui.")

    (letter,) = told(own.person, "training.second_not_held")
    assert "Kouluttaja sairastui." in letter.body
    own.refresh_from_db()
    assert own.state == ApplicationState.SENT


def test_moved_training_is_told_to_who_waits_and_by_its_own_letter_to_who_has_a_place():
    run, other, by = make_run(AT), make_run(AT), make_coordinator()
    waiting, kept = make_application(run, at=AT), make_application(other, at=AT, second=run)
    chosen = actions.choose(make_application(run, at=AT), by=by, at=AT)
    session = run.event.sessions.get()
    new = session.starts_at + 5 * DAY

    events.set_times(run.event, [Time(new, new + 2 * HOUR, "", session.pk)], by=by, at=AT + HOUR)

    assert [len(told(one.person, "training.moved")) for one in (waiting, kept, chosen)] == [1, 1, 0]
    assert "5.1.2027" in told(waiting.person, "training.moved")[0].body
    assert len(told(chosen.person, "events.moved")) == 1


def test_training_moved_twice_by_phone_is_told_once_as_it_is_now():
    run, by, person = make_run(AT), make_coordinator(), make_person(email="")
    make_application(run, person, at=AT)
    session = run.event.sessions.get()

    for n in (5, 6):
        new = session.starts_at + n * DAY
        events.set_times(
            run.event, [Time(new, new + HOUR, "", session.pk)], by=by, at=AT + n * HOUR
        )

    on_desk = Letter.objects.filter(reader=person, channel="paper", kind__startswith="training.")
    assert [one.kind for one in on_desk] == ["training.moved"]
