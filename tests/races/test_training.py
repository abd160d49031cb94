"""Applications to two trainings at the same moment. Real threads, real commits."""

from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.training import actions
from luukku.training.models import Application
from tests.factories.accounts import make_person
from tests.factories.training import make_programme, make_run
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
