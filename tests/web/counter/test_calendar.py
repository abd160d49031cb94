"""The calendar's page: weeks and months, next and previous, whatever the address asks for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.core.duty import queue
from luukku.core.times import helsinki
from tests.factories.accounts import make_admin, make_steering
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.markup import flat
from tests.web.valid import faults

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
    day = helsinki(order.times.get().starts_at).date()

    page = get(counter, day=day.isoformat(), span="week", sort="wish").content.decode()

    assert f'href="{reverse("counter:order", args=[order.pk])}"' in page
    assert order.title in page


def test_week_says_from_when_to_when_who_orders_and_where_and_the_month_does_not(counter, now):
    order = make_search(now, days=(3,))
    time = order.times.get()
    clock = "–".join(
        helsinki(moment).strftime("%-H.%M") for moment in (time.starts_at, time.ends_at)
    )
    day = helsinki(time.starts_at).date().isoformat()

    week, month = (
        flat(get(counter, day=day, span=span, sort="wish")) for span in ("week", "month")
    )

    assert f"<b>{clock}</b> {order.title}" in week.replace("</b>", "</b> ").replace("  ", " ")
    assert f"{order.organisation.name}, Pori" in week
    assert order.organisation.name not in month


def test_deadlines_of_a_day_lead_to_that_day_s_rows(counter, now):
    first, second = make_order(now - timedelta(days=9)), make_order(now)
    due = {duty.key: helsinki(duty.due).date() for duty in queue(at=now, kind="order")}
    assert due[first.pk] != due[second.pk]
    link = f"{reverse('counter:queue')}?kind=order&amp;due={due[second.pk]}"
    assert link in flat(get(counter, day=due[second.pk].isoformat()))

    page = counter.get(link.replace("&amp;", "&"))
    everything = counter.get(page.context["all_days"])

    assert [duty.key for duty in page.context["day"].duties] == [second.pk]
    assert {duty.key for duty in everything.context["day"].duties} == {first.pk, second.pk}
    assert faults(page.content.decode()) == []


@pytest.mark.parametrize("due", ["", "x", "2026-02-30", "\x01"])
def test_odd_day_of_the_queue_leaves_nothing_out(counter, now, due):
    make_order(now)

    assert (
        len(
            counter.get(reverse("counter:queue"), {"kind": "order", "due": due})
            .context["day"]
            .duties
        )
        == 1
    )


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
