"""Asking for a change on the order's page, and the counter's answer there."""

import pytest
from django.test import Client
from django.urls import reverse

from luukku.orders import actions
from luukku.orders.models import ChangeRequest
from luukku.orders.queries import promised_on
from luukku.orders.states import OrderState
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_order, make_orderer

pytestmark = pytest.mark.django_db
WORDS = "Ryhmä kasvoi 40 hengen kokoiseksi."


@pytest.fixture
def order(orderer):
    return make_order(orderer=orderer)


def address(order):
    return reverse("orderer:order-change", args=[order.pk])


def page_of(client, order):
    return client.get(reverse("orderer:order", args=[order.pk])).content.decode()


@pytest.fixture
def counter():
    client = Client()
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_orderer_asks_and_sees_what_happens_next(desk, order, now):
    assert address(order) in page_of(desk, order)
    day = promised_on(now)
    assert day in desk.get(address(order)).content.decode()

    response = desk.post(address(order), {"words": WORDS})

    page = page_of(desk, order)
    assert response["Location"] == reverse("orderer:order", args=[order.pk])
    assert (WORDS in page, f"The counter answers on {day} at the latest." in page) == (True, True)


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_faulty_request_is_refused_at_its_field_and_kept(desk, order, words):
    response = desk.post(address(order), {"words": words})

    form = response.context["form"]
    assert (response.status_code, set(form.errors), form["words"].value()) == (
        422,
        {"words"},
        words.strip(),  # blanks are nothing to keep
    )
    assert ChangeRequest.objects.count() == 0


def test_same_request_sent_again_is_one(desk, order, token):
    form = {"words": WORDS, "form_token": token()}

    answers = {desk.post(address(order), form)["Location"] for _n in range(3)}

    assert (len(answers), ChangeRequest.objects.count()) == (1, 1)


def test_change_of_an_ended_order_leads_to_it(desk, orderer):
    ended = make_order(orderer=orderer, state=OrderState.DECLINED)

    response = desk.post(address(ended), {"words": WORDS})

    assert response["Location"] == reverse("orderer:order", args=[ended.pk])
    assert address(ended) not in page_of(desk, ended)


def test_stranger_asks_for_no_change_of_another_s_order(desk):
    other = make_order(orderer=make_orderer())

    assert {desk.get(address(other)).status_code, desk.post(address(other)).status_code} == {404}


def test_counter_reads_answers_and_the_orderer_sees_it(desk, counter, order, now):
    asked = actions.ask_change(order, WORDS, by=order.contact, at=now)
    there = reverse("counter:order-change", args=[asked.pk])
    opens = reverse("counter:queue-open", args=["order_change", asked.pk])
    assert opens in counter.get(reverse("counter:queue")).content.decode()
    assert counter.get(opens)["Location"] == there
    assert there in counter.get(reverse("counter:order", args=[order.pk])).content.decode()
    assert WORDS in counter.get(there).content.decode()

    refused = counter.post(there, {"answer": ""})
    response = counter.post(there, {"answer": "Paikkoja on nyt 40."})
    again = counter.post(there, {"answer": "Toinen."})

    assert (refused.status_code, response["Location"], again.status_code) == (
        422, reverse("counter:order", args=[order.pk]), 303,
    )  # fmt: skip
    page = page_of(desk, order)
    assert ("Paikkoja on nyt 40." in page, "Toinen." in page) == (True, False)
    assert there not in counter.get(reverse("counter:order", args=[order.pk])).content.decode()
    assert "Paikkoja on nyt 40." in counter.get(there).content.decode()


def test_answering_is_the_counter_s(desk, order, now):
    asked = actions.ask_change(order, WORDS, by=order.contact, at=now)
    there = reverse("counter:order-change", args=[asked.pk])

    assert {desk.get(there).status_code, desk.post(there, {"answer": "x"}).status_code} == {403}


@pytest.mark.parametrize("count", [1, 3])
def test_order_s_page_asks_the_database_the_same_for_one_request_and_three(
    desk, order, now, count, django_assert_num_queries
):
    for _n in range(count):
        actions.ask_change(order, WORDS, by=order.contact, at=now)
    page_of(desk, order)

    with django_assert_num_queries(20):
        page_of(desk, order)
