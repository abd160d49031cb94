"""A series on one page: every date, and one press for all of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.core.times import helsinki
from luukku.events import actions
from luukku.events.models import Event, Series, SignUp
from luukku.events.states import EventState
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_person
from tests.factories.events import make_event
from tests.markup import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now):
    """The first of three, all published."""
    first = make_event(now, title_fi="Iltatee")
    days = [helsinki(first.starts_at).date() + timedelta(weeks=n) for n in (1, 2)]
    actions.repeat(first, days, by=first.made_by, at=now)
    first.refresh_from_db()
    actions.publish_series(first, by=first.made_by, at=now)
    return first


@pytest.fixture
def person(client):
    made = make_person()
    client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return made


def at(name, event):
    return reverse(f"public:{name}", args=[event.pk])


def test_page_of_an_event_leads_to_all_its_times(client, event):
    assert at("event-series", event) in flat(client.get(at("event", event)))

    page = flat(client.get(at("event-series", event)))

    assert all(at("event", one) in page for one in Event.objects.all())
    assert at("event-series-sign-up", event) not in page


def test_one_press_signs_up_for_all_and_a_second_changes_nothing(client, event, person):
    assert "Sign up for all 3 times" in flat(client.get(at("event-series", event)))

    for _n in range(2):
        client.post(at("event-series-sign-up", event))

    assert SignUp.objects.of(person).confirmed().count() == 3
    page = flat(client.get(at("event-series", event)))
    assert at("event-series-sign-up", event) not in page
    assert page.count("Has a place") == 3


def test_drafts_and_events_by_invitation_are_not_shown(client, event, now):
    one, two = Event.objects.exclude(pk=event.pk)
    Event.objects.filter(pk=one.pk).update(state=EventState.DRAFT)
    Event.objects.filter(pk=two.pk).update(audience="invited")

    page = flat(client.get(at("event-series", event)))

    assert not any(f'"{at("event", hidden)}"' in page for hidden in (one, two))


def test_theme_and_title_of_a_series_are_on_no_page(client, event, person):
    theme = Theme.objects.get(code="depression")
    Series.objects.update(theme=theme, title_fi="Masennusryhmä")

    pages = [flat(client.get(at(name, event))) for name in ("event", "event-series")]

    assert not any(word in page for page in pages for word in ("Masennus", "masennus"))


def test_event_of_no_series_has_no_such_page(client, now):
    assert client.get(at("event-series", make_event(now))).status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_series_asks_as_many_queries_however_long_it_is(
    client, person, now, times, django_assert_num_queries
):
    first = make_event(now)
    days = [helsinki(first.starts_at).date() + timedelta(weeks=n) for n in range(1, times + 1)]
    actions.repeat(first, days, by=first.made_by, at=now)
    first.refresh_from_db()
    actions.publish_series(first, by=first.made_by, at=now)
    client.get(at("event-series", first))

    with django_assert_num_queries(SERIES_QUERIES):
        client.get(at("event-series", first))


SERIES_QUERIES = 9
