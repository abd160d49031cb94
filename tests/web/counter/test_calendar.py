"""The calendar's page: weeks and months, next and previous, whatever the address asks for."""

import pytest
from django.urls import reverse

from tests.factories.accounts import make_admin, make_steering
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def get(client, **query):
    return client.get(reverse("counter:calendar"), query)


def test_month_is_shown_in_whole_weeks(counter):
    page = get(counter, day="2026-12-15").content.decode()

    assert page.count("<tr>") == 6
    assert page.count('class="day"') == 35
    assert "day=2026-11-15" in page
    assert "day=2027-01-15" in page


def test_week_has_seven_days(counter):
    page = get(counter, day="2026-12-15", span="week").content.decode()

    assert page.count('class="day"') == 7
    assert "Week 51" in page
    assert "day=2026-12-22&amp;span=week" in page


def test_order_leads_to_its_page(counter, now):
    order = make_search(now, days=(3,))
    day = order.times.get().starts_at.date()

    page = get(counter, day=day.isoformat(), span="week", sort="wish").content.decode()

    assert f'href="{reverse("counter:order", args=[order.pk])}"' in page
    assert order.title in page


@pytest.mark.parametrize(
    "query",
    [{"day": "?"}, {"day": "2026-02-30"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"span": "year"}, {"sort": "x"},
     {"day": "\x00"}, {"day": "2200-12-31"}, {"day": "2000-01-01", "span": "week"}],
)  # fmt: skip
def test_odd_address_shows_a_calendar(counter, query):
    assert get(counter, **query).status_code in {200, 400}


@pytest.mark.parametrize("make", [make_admin, make_steering, lambda: make_expert().user])
def test_calendar_is_the_coordinators(client, make):
    client.force_login(make(), backend=BACKEND)

    assert get(client).status_code == 403
