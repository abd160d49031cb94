"""The organisation's calendar: weeks and months of its tasks, times and events."""

import pytest
from django.urls import reverse

from luukku.assignments.models import CalendarKey
from luukku.core.times import helsinki
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_search
from tests.factories.events import make_event
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
QUERIES = 8
CALENDAR = "orderer:calendar"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def get(desk, **query):
    return desk.get(reverse(CALENDAR), query)


def day_of(moment):
    return helsinki(moment).date().isoformat()


def test_each_entry_leads_to_its_page_and_tells_nobody_who_comes(desk, orderer, now):
    here = orderer.memberships.get().organisation
    task = make_agreed(now, orderer=orderer, days=(3,))
    search = make_search(now, orderer=orderer, days=(3,))
    event = make_event(now, organiser=here, starts_at=task.starts_at)

    page = said(get(desk, day=day_of(task.starts_at), span="week"))

    for words, url in (
        ("Agreed: ", reverse("orderer:order", args=[task.order_id])),
        ("Wish: ", reverse("orderer:order", args=[search.pk])),
        ("Event: ", reverse("public:event", args=[event.pk])),
    ):
        assert f'<a href="{url}"><span class="sr-only">{words}' in page
    assert task.expert.user.name not in page
    assert not faults(page)


def test_orderer_gets_and_renews_the_calendar_address(desk, orderer):
    assert "Get a calendar address" in said(get(desk))

    assert desk.post(reverse("orderer:calendar-address"))["Location"] == reverse(CALENDAR)

    key = CalendarKey.objects.get(user=orderer).key
    page = said(get(desk))
    assert reverse("public:calendar-feed", args=[key]) in page
    assert "Make a new address" in page


def test_producer_has_the_calendar_and_its_address_as_well(client):
    here = make_organisation("Oppiva ry", tasks=[Task.TRAINS])
    member = make_member(here, role=MemberRole.PRODUCER)
    client.force_login(member, backend=BACKEND)

    assert "Get a calendar address" in said(get(client))
    client.post(reverse("orderer:calendar-address"))

    key = CalendarKey.objects.get(user=member).key
    assert reverse("public:calendar-feed", args=[key]) in said(get(client))
    assert f'href="{reverse(CALENDAR)}"' in said(client.get(reverse("orderer:desk")))


@pytest.mark.parametrize("make", [make_person, lambda: make_expert().user])
def test_calendar_is_for_those_who_stand_for_an_organisation(client, make):
    client.force_login(make(), backend=BACKEND)

    assert get(client).status_code == 403
    assert client.post(reverse("orderer:calendar-address")).status_code == 403
    assert not CalendarKey.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow(desk, orderer, now, rows, django_assert_num_queries):
    for n in range(rows):
        make_agreed(now, orderer=orderer, days=(3 + n,))
        make_search(now, orderer=orderer, days=(9 + n,))
    get(desk)

    with django_assert_num_queries(QUERIES):
        get(desk)
