"""The counter moves an agreed task to another time after calling everybody."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from luukku.core.times import helsinki
from tests.factories.assignments import make_agreed, make_offer, make_search

pytestmark = pytest.mark.django_db


def row(n, start):
    day = helsinki(start).date().isoformat()
    return {f"day{n}": day, f"from{n}": "13:00", f"to{n}": "14:30"}


def send(client, order, data):
    url = reverse("counter:order-times", args=[order.pk])
    return client.post(url, {"form_token": str(uuid.uuid4())} | data)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_order_page_of_an_agreed_order_leads_to_its_time(counter, now):
    task = make_agreed(now)
    address = reverse("counter:order-times", args=[task.order_id])

    assert address in counter.get(reverse("counter:order", args=[task.order_id])).content.decode()
    assert counter.get(address).status_code == 200


def test_times_page_moves_the_agreed_task(counter, now):
    task = make_agreed(now)
    later = now + timedelta(days=20)

    answer = send(counter, task.order, row(1, later))

    task.refresh_from_db()
    start = helsinki(task.starts_at)
    assert (answer.status_code, said(answer)[0]) == (303, "The times have been changed.")
    assert (start.date(), start.hour, task.calendar_version) == (helsinki(later).date(), 13, 1)


@pytest.mark.parametrize("make", [make_agreed, make_search])
def test_times_page_takes_a_time_over_midnight_and_says_what_is_odd_about_it(counter, now, make):
    made = make(now)
    order = getattr(made, "order", made)
    later = now + timedelta(days=20)

    answer = send(counter, order, row(1, later) | {"from1": "22:00", "to1": "01:00"})

    time = order.times.get()
    assert answer.status_code == 303
    assert time.ends_at - time.starts_at == timedelta(hours=3)
    assert helsinki(time.starts_at).date() == helsinki(later).date()
    _changed, odd = said(answer)
    assert "(ends " in odd
    assert "A part of it is at night." in odd


def test_times_page_of_an_agreed_order_takes_one_time(counter, now):
    task = make_agreed(now)

    answer = send(
        counter, task.order, row(1, now + timedelta(days=20)) | row(2, now + timedelta(days=21))
    )

    task.refresh_from_db()
    assert answer.status_code == 422
    assert "Give the one time that everybody has said yes to." in answer.content.decode()
    assert task.calendar_version == 0


def test_times_page_reads_kindly_when_the_expert_is_booked(counter, now):
    task = make_agreed(now)
    later = now + timedelta(days=20)
    day = helsinki(later).replace(hour=13, minute=30, second=0, microsecond=0)
    make_agreed(now, expert=task.expert, times=[(day, day + timedelta(hours=1))])

    answer = send(counter, task.order, row(1, later))

    assert said(answer) == ["The expert has agreed on another task at the same time."]


def test_times_page_reads_kindly_when_the_task_has_begun(counter, now):
    task = make_agreed(now - timedelta(days=14, minutes=5))

    answer = send(counter, task.order, row(1, now + timedelta(days=20)))

    assert said(answer) == ["The task has begun already. Its time can no longer be changed."]


def test_times_page_before_a_yes_changes_the_wishes(counter, now):
    offer = make_offer(now)

    answer = send(
        counter, offer.order, row(1, now + timedelta(days=20)) | row(2, now + timedelta(days=21))
    )

    assert (answer.status_code, offer.order.times.count()) == (303, 2)
