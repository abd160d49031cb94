"""Asking an expert once more, and a late yes by phone, at the counter; the way back from the expert's desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.states import OfferState
from luukku.core.times import helsinki
from luukku.orders.models import CancelledBy
from luukku.web.counter.orders.again import AgainForm
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_offer

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def as_expert(offer):
    client = Client()
    client.force_login(offer.expert.user, BACKEND)
    return client


@pytest.fixture
def declined(now):
    offer = make_offer(now)
    return assignments.decline(offer, by=offer.expert.user, at=now)


def test_order_page_leads_to_asking_again_and_to_a_late_yes(counter, declined):
    page = counter.get(url("order", declined.order_id)).content.decode()

    assert url("offer-again", declined.pk) in page
    assert url("offer-late-yes", declined.pk) in page


def test_counter_asks_once_more_with_a_sentence_that_the_expert_reads(counter, declined, now):
    day = helsinki(now).date() + timedelta(days=3)

    response = counter.post(
        url("offer-again", declined.pk), {"words": "Kesto lyheni tuntiin.", "answer_by": day}
    )

    again = Offer.objects.latest("pk")
    assert response.headers["Location"] == url("order", declined.order_id)
    assert (again.state, again.expert) == (OfferState.PROPOSED, declined.expert)
    page = as_expert(again).get(reverse("expert:offer", args=[again.pk])).content.decode()
    assert "Kesto lyheni tuntiin." in page
    assert (
        url("offer-again", declined.pk)
        not in counter.get(url("order", declined.order_id)).content.decode()
    )


def test_counter_asks_again_only_by_a_day_to_come(counter, declined, now):
    answer = counter.post(url("offer-again", declined.pk), {"answer_by": helsinki(now).date()})

    assert answer.status_code == 422
    assert Offer.objects.count() == 1


def test_counter_confirms_a_late_yes_with_name_and_time(counter, declined):
    page = counter.get(url("offer-late-yes", declined.pk)).content.decode()
    assert declined.expert.code_name in page
    assert not Assignment.objects.exists()

    counter.post(url("offer-late-yes", declined.pk))

    task = Assignment.objects.get()
    assert (task.expert, task.expert_agreed_via) == (declined.expert, Via.COUNTER)
    again = counter.get(url("offer-late-yes", declined.pk))
    assert (again.status_code, again["Location"]) == (303, url("order", declined.order_id))


@pytest.mark.parametrize("name", ["offer-again", "offer-late-yes"])
def test_others_may_neither_ask_nor_write_down(declined, name):
    for person in (declined.expert.user, declined.order.contact, make_person()):
        client = Client()
        client.force_login(person, BACKEND)
        assert client.post(url(name, declined.pk)).status_code == 403
    assert Offer.objects.count() == 1


def test_expert_who_pressed_no_reads_until_when_and_says_yes_after_all(now):
    offer = make_offer(now)
    desk = as_expert(offer)
    page = desk.post(reverse("expert:offer-decline", args=[offer.pk]), follow=True)
    assert "Have you changed your mind?" in page.content.decode()
    assert "The place is still free" in page.content.decode()

    # Another tab's plain yes was pressed before the no: it is not taken for a change of mind.
    desk.post(reverse("expert:offer-accept", args=[offer.pk]))
    assert not Assignment.objects.exists()
    desk.post(reverse("expert:offer-accept", args=[offer.pk]), {"after_all": "1"})

    assert Assignment.objects.get().expert == offer.expert


def test_expert_who_cancelled_by_mistake_takes_the_task_back(now):
    task = make_agreed(now)
    desk = as_expert(task.offer)
    page = desk.post(reverse("expert:task-cancel", args=[task.pk]), {"reason": ""}, follow=True)
    back = reverse("expert:offer", args=[task.offer_id])
    assert back in page.content.decode()
    assert "Take the task back" in page.content.decode()
    assert "after_all" in desk.get(back).content.decode()

    desk.post(reverse("expert:offer-accept", args=[task.offer_id]), {"after_all": "1"})

    assert Assignment.objects.live().get().expert == task.expert


def test_a_task_that_the_orderer_cancelled_offers_no_way_back(now):
    task = make_agreed(now)
    assignments.cancel(
        task, whose=CancelledBy.ORDERER, reason="", by=task.order.contact, at=now, is_replaced=True
    )

    page = as_expert(task.offer).get(reverse("expert:task", args=[task.pk])).content.decode()

    assert "Take the task back" not in page


def test_asking_one_expert_again_has_nobody_to_tick():
    assert not hasattr(AgainForm, "chosen")
