"""In an event that is off, over or not yet shown nobody is given a place or an answer any more."""

import pytest

from luukku.events import actions
from luukku.events.models import Booking
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up

pytestmark = pytest.mark.django_db
S, E = SignUpState, EventState
OFF = [E.CANCELLED, E.HELD, E.DRAFT]


@pytest.mark.parametrize("state", OFF)
@pytest.mark.parametrize(
    ("act", "stands"),
    [
        (actions.say_yes, S.OFFERED),
        (actions.approve, S.APPLIED),
        (actions.approve, S.WAITING),
        (actions.put_in_queue, S.APPLIED),
        (actions.decline, S.APPLIED),
        (actions.decline, S.WAITING),
    ],
)
def test_answer_that_comes_too_late_changes_nothing_and_writes_to_nobody(at, act, stands, state):
    own = make_sign_up(make_event(at, state=state), state=stands)
    by = own.person if act is actions.say_yes else make_coordinator()

    with pytest.raises(WrongState) as refusal:
        act(own, by=by, at=at)

    own.refresh_from_db()
    assert own.state == stands
    assert not Booking.objects.exists()
    assert not Letter.objects.exists()
    assert refusal.value.told() == "The event has changed meanwhile. Here is how it stands now."


@pytest.mark.parametrize("state", OFF)
@pytest.mark.parametrize("act", [actions.put_on, actions.take_place])
def test_nobody_is_put_on_the_list_of_such_an_event(at, act, state):
    event = make_event(at, state=state)

    with pytest.raises(WrongState):
        act(event, make_person(), by=make_coordinator(), at=at)

    assert not event.sign_ups.exists()


@pytest.mark.parametrize("state", [E.PUBLISHED, E.CLOSED])
def test_place_is_still_given_after_signing_up_has_ended(at, state):
    own = make_sign_up(make_event(at, state=state), state=S.APPLIED)

    assert actions.approve(own, by=make_coordinator(), at=at).state == S.CONFIRMED
