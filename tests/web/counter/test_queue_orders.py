"""What is done from the queue to the orders behind the chosen rows: reminding, asking the candidates."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.core.duty import KINDS
from luukku.notices.models import Letter
from luukku.orders.states import OrderState
from luukku.workbench.queries import OnOrders, orders_behind
from luukku.workbench.queries.behind import FITS
from tests.factories.accounts import make_person, make_steering
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_order
from tests.markup import flat
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def send(client, act, *names, query=""):
    return client.post(reverse("counter:queue-hand-out") + query, {"orders": act, "duty": names})


def test_each_act_fits_duties_that_are_done_on_an_order_s_page():
    assert set(FITS) == set(OnOrders)
    assert {KINDS[kind].page for kinds in FITS.values() for kind in kinds} == {"counter:order"}


def test_orders_behind_are_of_the_duties_that_fit_and_wait(at):
    search, sent = make_search(at), make_order(at)
    keys = [("staffing", search.pk), ("order", sent.pk), ("search", 999)]

    behind = orders_behind(keys, OnOrders.ASK, at=at)

    assert behind.orders == [search.pk]
    assert [(duty.kind, duty.key) for duty in behind.left_out] == [("order", sent.pk)]


def test_reminding_from_the_queue_leads_to_the_letters_and_back(counter, now):
    offer = make_offer(now - timedelta(days=4))
    question = make_question(now)
    there = f"staffing-{offer.order_id}"
    page = flat(counter.get(reverse("counter:queue")))
    assert f'<tr id="{there}" tabindex="-1" data-acts="remind ask">' in page
    assert f'id="question-{question.pk}"' in page
    assert f'<tr id="question-{question.pk}" tabindex="-1" data-acts' not in page

    response = send(counter, "remind", there, f"question-{question.pk}", query="?whose=nobodys")
    shown = counter.get(response["Location"])
    done = counter.post(response["Location"])

    asked = f"order={offer.order_id}&from=queue&whose=nobodys"
    assert response["Location"] == f"{reverse('counter:orders-remind')}?{asked}"
    assert "Left out, because nobody’s answer is awaited: Answer a question." in flat(shown)
    assert f"<strong>{offer.expert.code_name}</strong>" in flat(shown)
    assert faults(shown.content.decode()) == []
    assert done["Location"] == f"{reverse('counter:queue')}?whose=nobodys"
    assert Letter.objects.filter(key__contains=":again:").count() == 1


def test_asking_from_the_queue_leads_to_the_candidates(counter, now):
    make_expert(at=now)
    order = make_order(now, state=OrderState.ACCEPTED)

    response = send(counter, "ask", f"search-{order.pk}", query="?kind=search")
    shown = counter.get(response["Location"])

    assert [one.order for one in shown.context["plan"]] == [order]
    assert shown.context["back"] == f"{reverse('counter:queue')}?kind=search"


@pytest.mark.parametrize("act", OnOrders)
def test_rows_that_nothing_fits_stay_chosen(counter, now, act):
    orders = [make_order(now) for _n in range(2)]

    response = send(counter, act, *(f"order-{order.pk}" for order in orders))

    page = flat(response)
    assert response.status_code == 422
    assert "Read an order (2)." in page
    assert page.count("checked aria-labelledby") == 2


@pytest.mark.parametrize("act", ["", "x"])
def test_odd_act_is_no_act(counter, now, act):
    order = make_search(now)

    response = send(counter, act, f"staffing-{order.pk}")

    assert response.status_code == 422
    assert "Choose who does it." in flat(response)


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_orders_behind_the_queue_are_the_counter_s(client, now, make):
    order = make_search(now)
    client.force_login(make(), backend=BACKEND)

    assert send(client, "remind", f"staffing-{order.pk}").status_code == 403
