"""The orderer tells that the connection has been tried."""

import pytest
from django.urls import reverse

from luukku.readiness.models import ConnectionTest
from tests.factories.orders import make_orderer
from tests.factories.readiness import make_remote
from tests.markup import said

pytestmark = pytest.mark.django_db


def at(name, order):
    return reverse(f"orderer:{name}", args=[order.pk])


def test_orderer_tells_and_takes_it_back(desk, orderer, now):
    order = make_remote(now, orderer=orderer)
    before = said(desk.get(at("order", order)))

    told = said(desk.post(at("order-tried", order), follow=True))
    back = said(desk.post(at("order-untried", order), follow=True))

    assert "We have tried the link, the camera and a quiet place" in before
    assert "You have told on" in told
    assert "You have told on" not in back


def test_without_a_link_the_page_says_what_comes_first(desk, orderer, now):
    order = make_remote(now, orderer=orderer, url="")

    page = said(desk.get(at("order", order)))
    after = said(desk.post(at("order-tried", order), follow=True))

    assert "Give the link of the video meeting first." in page
    assert "Give the link of the video meeting first." in after
    assert not ConnectionTest.objects.exists()


@pytest.mark.parametrize("name", ["order-tried", "order-untried"])
def test_orders_of_others_are_not_there(desk, now, name):
    order = make_remote(now, orderer=make_orderer())

    assert desk.post(at(name, order)).status_code == 404
