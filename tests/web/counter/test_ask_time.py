"""The counter asks the orderer for another time: proposed, read as a letter, sent."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments.models import Undo
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders.actions import answer_time, ask_time
from luukku.orders.history import spans_in
from luukku.orders.models import TimeQuestion
from luukku.orders.states import OrderState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_search
from tests.factories.orders import make_order
from tests.markup import flat

pytestmark = pytest.mark.django_db


def url(name, order):
    return reverse(f"counter:{name}", args=[order.pk])


def span(now, days=30):
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return (start, start + timedelta(hours=1))


def typed(now, **more):
    start, end = (helsinki(one) for one in span(now))
    times = {"day1": f"{start:%Y-%m-%d}", "from1": f"{start:%H:%M}", "to1": f"{end:%H:%M}"}
    return {"form_token": str(uuid.uuid4())} | times | more


def test_letter_is_shown_before_it_leaves(counter, now):
    order = make_search(now)

    page = counter.post(url("order-ask-time", order), typed(now, words="Kävisikö aamu?"))

    assert page.status_code == 200
    ((reader, subject, lines),) = page.context["letters"]
    assert (reader, str(order.pk) in subject) == (order.contact, True)
    assert "Kävisikö aamu?" in page.content.decode()
    assert "Kävisikö aamu?" not in "".join(lines)
    assert not TimeQuestion.objects.exists()
    assert not Letter.objects.filter(kind="orders.time_asked").exists()


def test_letter_leaves_when_it_is_confirmed_with_all_that_was_typed(counter, now):
    order = make_search(now)
    page = counter.post(url("order-ask-time", order), typed(now, words="Kävisikö aamu?"))
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}

    answer = counter.post(url("order-ask-time", order), sent | {"form_token": str(uuid.uuid4())})

    asked = TimeQuestion.objects.get()
    assert answer.status_code == 303
    assert (spans_in(asked.proposed), asked.words) == ([span(now)], "Kävisikö aamu?")
    assert Letter.objects.filter(kind="orders.time_asked").count() == 1


def test_letter_sent_twice_is_one(counter, now):
    order = make_search(now)
    sent = typed(now, sure="1")

    for _n in range(2):
        assert counter.post(url("order-ask-time", order), sent).status_code == 303

    assert TimeQuestion.objects.count() == 1


def test_question_is_taken_back_with_its_letter(counter, now):
    order = make_search(now)
    counter.post(url("order-ask-time", order), typed(now, sure="1"))

    counter.post(reverse("counter:order-undo", args=[order.pk, Undo.objects.get().pk]))

    assert not TimeQuestion.objects.exists()
    assert not Letter.objects.filter(kind="orders.time_asked").exists()


def test_times_with_faults_come_back_as_typed(counter, now):
    order = make_search(now)

    page = counter.post(url("order-ask-time", order), typed(now, day1="1.1.2020"))

    assert page.status_code == 422
    assert "This time has already passed." in page.content.decode()


def test_page_of_an_order_that_looks_for_nobody_leads_to_the_order(counter, now):
    order = make_order(now, state=OrderState.STAFFED)

    assert counter.get(url("order-ask-time", order)).status_code == 303


def test_page_is_closed_where_the_time_is_agreed_or_asked_about(counter, now):
    agreed, asked = make_agreed(now).order, make_search(now)
    ask_time(asked, by=make_coordinator(), at=now)

    for order in (agreed, asked):
        assert counter.get(url("order-ask-time", order)).status_code == 303
        assert counter.post(url("order-ask-time", order), typed(now)).status_code == 303


def test_beginning_again_after_the_letter_shows_an_empty_form(counter, now):
    address = url("order-ask-time", make_search(now))
    token = re.search(r'name="form_token" value="([^"]+)"', counter.get(address).content.decode())
    sent = typed(now) | {"form_token": token[1]}
    assert counter.post(address, sent | {"day1": "2020-01-01"}).status_code == 422
    letter = counter.post(address, sent).content.decode()

    page = counter.get(re.search(r'href="([^"]*ask-time[^"]*)"', letter)[1]).content.decode()

    assert ("2020" in page, 'name="day1"' in page) == (False, True)


def test_what_would_help_leads_to_the_question_with_its_times(counter, now):
    make_agreed(now)  # the expert has another task at the very time
    order = make_search(now)

    page = counter.get(url("order", order))

    ask = f"{url('order-ask-time', order)}?if="
    conditions = [row.condition for row in page.context["help"] if row.is_time]
    assert conditions
    assert [f"{ask}{one}" in page.content.decode() for one in conditions] == [True] * len(
        conditions
    )


def test_morning_that_would_help_is_proposed(counter, now):
    start = span(now, 20)[0].replace(hour=15)
    order = make_search(now, times=[(start, start + timedelta(hours=1))])

    form = counter.get(f"{url('order-ask-time', order)}?if=morning").context["form"]

    assert (form["day1"].value(), f"{form['from1'].value():%H:%M}") == (start.date(), "09:00")


@pytest.mark.parametrize("condition", ["theme", "nothing", ""])
def test_other_conditions_propose_no_time(counter, now, condition):
    order = make_search(now)

    form = counter.get(f"{url('order-ask-time', order)}?if={condition}").context["form"]

    assert form["day1"].value() is None


def test_order_tells_that_the_answer_is_awaited_and_asks_no_second_time(counter, now):
    order = make_search(now)
    ask_time(order, by=make_coordinator(), at=now)

    page = flat(counter.get(url("order", order)))

    assert "whether another time would suit, and has not answered" in page
    assert url("order-ask-time", order) not in page


def test_answered_times_wait_ready_in_the_form_of_times(counter, now):
    order = make_search(now)
    asked = ask_time(order, by=make_coordinator(), at=now)
    answer_time(asked, [span(now, 40)], by=order.contact, at=now)
    there = f"{url('order-times', order)}?answer"
    assert there in counter.get(url("order", order)).content.decode()

    form = counter.get(there).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    counter.post(url("order-times", order), sent | {"form_token": str(uuid.uuid4())})

    assert list(order.times.values_list("starts_at", "ends_at")) == [span(now, 40)]
    assert TimeQuestion.objects.get().closed_at is not None


def test_answer_that_keeps_the_times_is_read_and_closed(counter, now):
    order = make_search(now)
    answer_time(ask_time(order, by=make_coordinator(), at=now), by=order.contact, at=now)
    assert "the times stay as they are" in flat(counter.get(url("order", order)))

    counter.post(url("order-close-time", order))

    assert TimeQuestion.objects.get().closed_at is not None


def test_order_with_an_agreed_time_offers_no_question(counter, now):
    order = make_agreed(now, experts_wanted=2).order

    assert url("order-ask-time", order) not in counter.get(url("order", order)).content.decode()


def test_orderer_asks_nobody_at_the_counter(client, now):
    order = make_search(now)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    for name in ("order-ask-time", "order-close-time"):
        assert client.post(url(name, order), typed(now, sure="1")).status_code == 403
    assert not TimeQuestion.objects.exists()
