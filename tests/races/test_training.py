"""Applications to two trainings at the same moment. Real threads, real commits."""

from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.training import actions
from luukku.training.models import Application, PracticeLecture
from luukku.training.refusals import NobodyToSpeak
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.training import make_application, make_lecture, make_programme, make_run
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _machine(db):
    """The machine's account exists, as in every database that has been set up."""
    User.objects.machine()


def test_two_applications_that_cross_make_one_for_each_training(at):
    programme = make_programme(at, state="agreed")
    one, two = (make_run(at, programme=programme) for _n in range(2))

    for _n in range(6):
        person = make_person()
        crossing = [
            partial(actions.apply, one, by=person, at=at, second=two),
            partial(actions.apply, two, by=person, at=at, second=one),
        ]
        assert errors(at_once(crossing)) == []
        assert Application.objects.of(person).live().count() == 2


def chosen(run, at):
    return actions.choose(make_application(run, at=at), by=make_coordinator(), at=at)


def test_two_trainings_that_take_one_date_get_it_once(at):
    runs, by = [make_run(at) for _n in range(2)], make_coordinator()
    own = [chosen(run, at) for run in runs]

    for n in range(4):
        lecture = make_lecture(at, days=10 + n)
        taking = [
            partial(actions.take_lecture, lecture, run=run, trainees=[one], by=by, at=at)
            for run, one in zip(runs, own, strict=True)
        ]
        refused = errors(at_once(taking))
        assert refused == [WrongState]
        lecture.refresh_from_db()
        assert lecture.event.sign_ups.confirmed().count() == 1


def test_who_leaves_while_a_date_is_taken_does_not_speak_or_leaves_it_too(at):
    by = make_coordinator()

    for _n in range(4):
        run, lecture = make_run(at), make_lecture(at)
        own = chosen(run, at)
        outcomes = at_once([
            partial(actions.take_lecture, lecture, run=run, trainees=[own], by=by, at=at),
            partial(actions.withdraw, own, by=own.person, at=at),
        ])  # fmt: skip
        assert set(errors(outcomes)) <= {NobodyToSpeak}
        taken = PracticeLecture.objects.get(pk=lecture.pk)
        own.refresh_from_db()
        assert own.state == "withdrawn"
        assert taken.state == ("open" if errors(outcomes) else "taken")
