"""The counter moves an agreed task to another time after calling everybody."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments.models import Undo
from luukku.assignments.notices import when
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.assignments import make_agreed, make_offer, make_search
from tests.markup import flat

pytestmark = pytest.mark.django_db


def row(n, start):
    day = helsinki(start).date().isoformat()
    return {f"day{n}": day, f"from{n}": "13:00", f"to{n}": "14:30"}


def send(client, order, data, *, is_sure=True):
    url = reverse("counter:order-times", args=[order.pk])
    sure = {"sure": "1"} if is_sure else {}
    return client.post(url, {"form_token": str(uuid.uuid4())} | data | sure)


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


def test_agreed_task_moves_only_when_one_has_read_whose_it_is_and_is_sure(counter, now):
    task = make_agreed(now)
    later = now + timedelta(days=20)

    asked = send(counter, task.order, row(1, later), is_sure=False)
    question = counter.get(asked["Location"])

    page = question.content.decode()
    task.refresh_from_db()
    assert (asked.status_code, question.status_code, task.calendar_version) == (303, 200, 0)
    assert task.expert.user.name in page
    assert when(task.starts_at, task.ends_at) in page
    assert "Agree on the new time by phone first" in page
    sent = {field.html_name: field.value() or "" for field in question.context["form"]}
    counter.post(
        reverse("counter:order-times", args=[task.order_id]),
        sent | {"form_token": str(uuid.uuid4())},
    )
    task.refresh_from_db()
    assert (helsinki(task.starts_at).date(), task.calendar_version) == (helsinki(later).date(), 1)


def test_question_of_a_time_without_an_agreed_task_leads_to_the_times(counter, now):
    order = make_offer(now).order
    address = reverse("counter:order-times", args=[order.pk])

    answer = counter.get(address, {"version": "{}"} | row(1, now + timedelta(days=20)))

    assert (answer.status_code, answer["Location"]) == (303, address)


def test_letter_of_a_moved_task_says_nothing_of_a_call_that_nobody_may_have_made(counter, now):
    task = make_agreed(now)

    send(counter, task.order, row(1, now + timedelta(days=20)))

    bodies = Letter.objects.filter(kind="assignments.changed").values_list("body", flat=True)
    assert [body for body in bodies if "puhelim" in body] == []
    assert len(bodies) == 2


def test_question_carries_what_was_said_of_a_long_night(counter, now):
    task = make_agreed(now)
    night = row(1, now + timedelta(days=20)) | {"from1": "18:00", "to1": "17:00"}
    meant = {"sure1": "18.00-17.00"}

    asked = send(counter, task.order, night | meant, is_sure=False)
    question = counter.get(asked["Location"])
    sent = {field.html_name: field.value() or "" for field in question.context["form"]}
    answer = send(counter, task.order, sent)

    task.refresh_from_db()
    assert (answer.status_code, task.ends_at - task.starts_at) == (303, timedelta(hours=23))


def test_changed_wishes_are_taken_back_at_once_with_their_letter(counter, now):
    order = make_search(now)
    was = list(order.times.values_list("starts_at", "ends_at"))
    send(counter, order, row(1, now + timedelta(days=20)))
    assert Letter.objects.filter(kind="assignments.order_changed").exists()

    counter.post(reverse("counter:order-undo", args=[order.pk, Undo.objects.get().pk]))

    assert list(order.times.values_list("starts_at", "ends_at")) == was
    assert not Letter.objects.filter(kind="assignments.order_changed").exists()


@pytest.mark.parametrize("make", [make_agreed, make_search])
def test_times_that_are_as_they_were_ask_nothing_and_change_nothing(counter, now, make):
    made = make(now)
    order = getattr(made, "order", made)
    times = [(time.starts_at, time.ends_at) for time in order.times.all()]
    told = Letter.objects.count()
    data = {}
    for n, (start, end) in enumerate(times, 1):
        here, there = helsinki(start), helsinki(end)
        data |= {f"day{n}": here.date().isoformat(), f"from{n}": f"{here:%H:%M}"}
        data |= {f"to{n}": f"{there:%H:%M}"}

    answer = send(counter, order, data, is_sure=False)

    assert answer["Location"] == reverse("counter:order", args=[order.pk])
    assert said(answer) == ["The times are as they were: nothing has changed."]
    assert Letter.objects.count() == told


def test_question_of_a_new_time_says_who_has_not_said_yes_to_calls(counter, now):
    task = make_agreed(now)
    expert = task.expert.user
    User.objects.filter(pk=expert.pk).update(phone="040 765 4321")
    answer = send(counter, task.order, row(1, now + timedelta(days=20)), is_sure=False)

    pages = []
    for purposes in ({Purpose.IN_BANK}, {Purpose.IN_BANK, Purpose.PHONE}):
        set_consents(expert, purposes, by=expert, at=now)
        pages.append(flat(counter.get(answer["Location"])))

    words = "has not said yes to calls: call only if an agreed task is in danger"
    set_consents(expert, {Purpose.IN_BANK}, by=expert, at=now)
    asking = [
        reverse("counter:order-cancel", args=[task.order_id]),
        reverse("counter:task-cancel", args=[task.pk]),
        reverse("counter:expert-move", args=[task.expert_id, "leave"]),
    ]
    others = [flat(counter.get(page)) for page in asking]
    assert [words in page for page in (*pages, *others)] == [True, False, True, True, True]
    assert f"mailto:{expert.email}" in pages[0]
