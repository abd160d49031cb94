"""What one reads of an event before signing in: for whom it is, how many places are free, how to get an account."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from luukku.events.models import Audience, Kind
from luukku.events.notices.common import guest_token
from luukku.events.states import EventState, SignUpState
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.markup import flat

pytestmark = pytest.mark.django_db
ACCOUNT, PHONE = "/en/accounts/signup/", "You can also sign up by phone"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def read(event, client=None):
    return flat((client or Client()).get(f"/en/events/{event.pk}/"))


def test_free_places_and_the_way_to_an_account_are_told_to_who_has_none(now):
    event = make_event(now, seats=3)
    make_sign_up(event)

    page = read(event)

    assert "2 places are free." in page
    assert "You need an account to sign up for this event. It costs nothing." in page
    assert f"signup/?next=/en/events/{event.pk}/" in page
    assert PHONE in page


def test_full_event_is_full_before_signing_in_as_well(now):
    event = make_event(now, seats=1)
    make_sign_up(event)
    make_sign_up(event, state=SignUpState.WAITING)

    assert "Every place is taken. 1 is on the waiting list." in read(event)


@pytest.mark.parametrize("fields", [{"state": EventState.CLOSED}, {"state": EventState.HELD}])
def test_nothing_is_promised_where_nobody_signs_up_any_more(now, fields):
    page = read(make_event(now, **fields))

    assert "Signing up for this event has ended." in page
    assert "free" not in page
    assert "Make an account" not in page


def test_event_for_experts_says_so_before_signing_in_and_offers_others_no_phone(now):
    event = make_event(now, kind=Kind.PEER, audience=Audience.EXPERTS)
    person = Client()
    person.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    page, own = read(event), read(event, person)

    assert "for experts by experience who are in the expert bank. If you are one, sign in" in page
    assert "Make an account" not in page
    assert "for experts by experience who are in the expert bank." in own
    assert PHONE in page
    assert PHONE not in own


def test_cancelled_event_says_why_on_its_page_and_to_a_guest(now):
    event = make_event(now, state=EventState.CANCELLED, cancel_reason="Sali on <remontissa>.")
    own = make_sign_up(event)
    own.__class__.objects.filter(pk=own.pk).update(person=None, guest_mark="x")

    for page in (read(event), flat(Client().get(f"/en/l/event/{guest_token(own)}/"))):
        assert "This event has been cancelled. Sali on &lt;remontissa&gt;." in page
