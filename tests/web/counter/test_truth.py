"""What the pages of an order say of it is still so: what is agreed, who is awaited, what was missed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.core.times import when
from luukku.orders.actions import reopen
from luukku.orders.models import CancelledBy, Failure
from luukku.orders.states import OrderState
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


def page(client, name, pk):
    return " ".join(client.get(reverse(name, args=[pk])).content.decode().split())


def agreed_on_the_second_time(now):
    offer = make_offer(now, days=(20, 21))
    second = offer.order.times.last()
    return assignments.accept(offer, by=offer.expert.user, at=now, via=Via.DESK, time=second)


@pytest.mark.parametrize("desk", ["counter", "orderer"])
def test_time_is_called_agreed_only_while_somebody_has_said_yes(
    counter, client, coordinator, now, desk
):
    task = make_agreed(now)
    person = coordinator if desk == "counter" else task.order.contact
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    time = when(task.starts_at, task.ends_at)
    before = page(client, f"{desk}:order", task.order_id)

    assignments.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=now)
    after = page(client, f"{desk}:order", task.order_id)

    assert f"{time} (agreed)" in before
    assert f"{time} (the search is for this time)" in after
    assert "(agreed)" not in after
    assert ">Agreed</h2>" not in after


def test_order_that_was_cancelled_has_nothing_agreed(counter, coordinator, now):
    task = make_agreed(now)
    assignments.cancel_order(
        task.order, whose=CancelledBy.COUNTER, reason="Sali on suljettu.", by=coordinator, at=now
    )

    said = page(counter, "counter:order", task.order_id)

    assert "(agreed)" not in said
    assert "13 days before the agreed start." in said or "14 days before the agreed start." in said


def test_list_of_the_orderer_names_the_agreed_time_and_no_other(client, now):
    task = agreed_on_the_second_time(now)
    client.force_login(task.order.contact, backend="django.contrib.auth.backends.ModelBackend")

    said = client.get(reverse("orderer:orders")).content.decode()

    assert when(task.starts_at, task.ends_at) in said
    assert "other time" not in said


def test_one_time_is_asked_for_without_saying_that_an_expert_is_agreed(counter, now):
    task = agreed_on_the_second_time(now)
    assignments.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=now)
    url = reverse("counter:order-times", args=[task.order_id])
    form = counter.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    another = (now + timedelta(days=30)).strftime("%d.%m.%Y")
    sent |= {"day2": another, "from2": "18.00", "to2": "19.00"}

    response = counter.post(url, sent)

    assert response.status_code == 422
    assert "An expert had agreed on one time." in response.content.decode()


def test_end_of_a_search_tells_first_whose_answer_is_awaited_and_who_was_never_asked(counter, now):
    order = make_search(now)
    make_offer(now, order=order, answer_by=now + timedelta(days=1))
    make_expert(at=now)

    said = page(counter, "counter:order-give-up", order.pk)

    assert "1 expert has not answered yet; there is time until" in said
    assert "1 expert fits and has not been asked yet." in said


def test_end_of_a_search_tells_of_a_sign_up_that_waits(counter, now):
    offer = make_sign_up(now)

    said = page(counter, "counter:order-give-up", offer.order_id)

    assert "1 expert has signed up and waits for your answer." in said
    assert "has not answered yet" not in said


def test_unmet_need_is_told_as_past_once_the_search_is_open_again(counter, coordinator, now):
    order = make_order(now, state=OrderState.NOT_FOUND)
    before = page(counter, "counter:order", order.pk)

    reopen(order, by=coordinator, at=now)
    after = page(counter, "counter:order", order.pk)

    assert "Unmet need: 1 expert" in before
    assert "Unmet need" not in after
    assert "It was opened again on" in after


def test_figures_count_no_need_whose_search_was_opened_again(counter, coordinator, now):
    for _n in range(11):
        make_order(now, state=OrderState.NOT_FOUND)
    reopened = [make_order(now, state=OrderState.NOT_FOUND) for _n in range(9)]
    before = missing(counter)

    for order in reopened:
        reopen(order, by=coordinator, at=now)

    assert (before, missing(counter)) == ("20", "11")


def missing(counter):
    """What the figures tell of experts missing because of the theme."""
    table = counter.get(reverse("counter:home")).context["figures"].unmet()
    return next(str(row.counts[0]) for row in table.rows if row.label == Failure.THEME.label)


@pytest.mark.parametrize("name", ["counter:question", "counter:questions"])
def test_answered_question_does_not_say_that_nobody_answers(counter, coordinator, now, name):
    question = make_question(now)
    url = reverse(name, args=[question.pk] if name == "counter:question" else [])
    waiting = counter.get(url).content.decode()
    type(question).objects.update(state="answered", due_on=None, remind_on=None)

    answered = counter.get(url, {"state": "answered"}).content.decode()

    assert "nobody yet" in waiting
    assert "nobody yet" not in answered


def test_queue_says_no_wait_that_may_be_shorter(counter, now):
    order = make_order(now - timedelta(days=3), state=OrderState.ACCEPTED)
    organisation = order.organisation
    type(organisation).objects.update(made_at=now - timedelta(days=30))
    order.contact.memberships.all().delete()  # left just now

    said = {
        kind: counter.get(reverse("counter:queue"), {"kind": kind}).content.decode()
        for kind in ("hand_on", "contact", "search")
    }

    assert order.title in said["hand_on"]
    assert organisation.name in said["contact"]
    assert ["waited" in said[kind] for kind in said] == [False, False, True]
