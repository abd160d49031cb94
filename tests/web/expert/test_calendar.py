"""The expert's calendar: weeks and months of what is theirs, and an address for calendar programs."""

import pytest
from django.urls import reverse

from luukku.assignments.models import CalendarKey
from luukku.core.times import helsinki
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_offer
from tests.factories.events import make_event, make_sign_up
from tests.markup import said
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
QUERIES = 8
CALENDAR = "expert:calendar"


def get(desk, **query):
    return desk.get(reverse(CALENDAR), query)


def day_of(moment):
    return helsinki(moment).date().isoformat()


def test_each_entry_leads_to_its_page_and_says_what_it_is(desk, expert, now):
    task = make_agreed(now, expert=expert, days=(3,))
    offer = make_offer(now, expert=expert, days=(3,))
    event = make_event(now, starts_at=task.starts_at)
    make_sign_up(event, expert.user)

    page = said(get(desk, day=day_of(task.starts_at), span="week"))

    for words, url in (
        ("Agreed: ", reverse("expert:task", args=[task.pk])),
        ("You are asked: ", reverse("expert:offer", args=[offer.pk])),
        ("Event: ", reverse("public:event", args=[event.pk])),
    ):
        assert f'<a href="{url}"><span class="sr-only">{words}' in page
    assert not faults(page)


def test_month_is_in_whole_weeks_and_leads_on(desk):
    page = said(get(desk, day="2026-12-15"))

    assert page.count('class="day"') == 35
    assert "day=2026-11-15" in page
    assert "day=2027-01-15" in page
    assert "Nothing at this time." in page


@pytest.mark.parametrize(
    "query", [{"day": "x"}, {"span": "x"}, {"sort": "deadline"}, {"day": "9999-99-99"}]
)
def test_odd_addresses_are_the_month(desk, query):
    assert get(desk, **query).status_code == 200


def test_calendar_address_is_made_and_made_anew(desk):
    new = reverse("expert:calendar-address")
    assert desk.post(new)["Location"] == reverse(CALENDAR)
    first = CalendarKey.objects.get().key
    assert reverse("public:calendar-feed", args=[first]) in said(get(desk))

    desk.post(new)

    assert CalendarKey.objects.get().key != first


def test_calendar_is_for_experts(sign_in):
    assert get(sign_in(make_person())).status_code == 403


def test_desk_and_tasks_lead_to_the_calendar(desk):
    for name in ("expert:desk", "expert:tasks"):
        assert f'href="{reverse(CALENDAR)}"' in said(desk.get(reverse(name)))


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow(desk, expert, now, rows, django_assert_num_queries):
    for n in range(rows):
        make_agreed(now, expert=expert, days=(3 + n,))
        make_sign_up(make_event(now), expert.user)
    get(desk)

    with django_assert_num_queries(QUERIES):
        get(desk)
