"""Places of an event when many people want them at the same moment. Real threads, real commits."""

from datetime import timedelta
from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.events import actions
from luukku.events.models import Booking, SignUp
from luukku.events.refusals import DoubleBooked
from luukku.events.states import SignUpState
from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.factories.events import make_event
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
S = SignUpState


@pytest.fixture(autouse=True)
def _machine(db):
    """The machine's account exists, as in every database that has been set up."""
    User.objects.machine()


@pytest.mark.parametrize("seats", [1, 3, 10])
def test_many_want_few_places_at_once(at, seats):
    event = make_event(at, seats=seats)
    people = [make_person() for _n in range(24)]

    outcomes = at_once([partial(actions.sign_up, event, by=person, at=at) for person in people])

    assert errors(outcomes) == []
    assert SignUp.objects.confirmed().count() == seats
    assert SignUp.objects.queue().count() == 24 - seats
    told = Letter.objects.filter(kind__startswith="events.").values_list("reader", flat=True)
    assert sorted(told) == sorted(person.pk for person in people)


def test_one_person_signs_up_in_two_tabs_at_once(at):
    event, person = make_event(at, seats=1), make_person()

    outcomes = at_once([partial(actions.sign_up, event, by=person, at=at)] * 6)

    assert errors(outcomes) == []
    assert SignUp.objects.get().state == S.CONFIRMED


def test_one_person_takes_two_events_of_the_same_time_at_once(at):
    start, person = at + timedelta(days=9), make_person()
    events = [make_event(at, starts_at=start, sessions=3) for _n in range(5)]

    outcomes = at_once([partial(actions.sign_up, event, by=person, at=at) for event in events])

    assert errors(outcomes) == [DoubleBooked] * 4
    assert SignUp.objects.get().state == S.CONFIRMED
    assert Booking.objects.count() == 3


def test_places_that_several_let_go_at_once_go_to_as_many(at):
    event = make_event(at, seats=5)
    own = [actions.sign_up(event, by=make_person(), at=at) for _n in range(5)]
    queue = [
        actions.sign_up(event, by=make_person(), at=at + timedelta(minutes=n)) for n in range(8)
    ]

    outcomes = at_once(
        [partial(actions.withdraw, one, by=one.person, at=at + timedelta(hours=1)) for one in own]
    )

    assert errors(outcomes) == []
    promoted = SignUp.objects.confirmed().order_by("pk").values_list("pk", flat=True)
    assert list(promoted) == [one.pk for one in queue[:5]]
