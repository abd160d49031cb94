"""The counter lets a colleague be the contact person of an order."""

import pytest
from django.urls import reverse

from tests.factories.orders import make_order
from tests.factories.organisations import make_member

pytestmark = pytest.mark.django_db


def test_without_colleagues_the_page_leads_to_where_one_is_added(counter, now):
    order = make_order(now)

    page = counter.get(reverse("counter:order-contact", args=[order.pk])).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    to = reverse("counter:organisation", args=[order.organisation_id])
    assert (f'href="{to}"' in main, "<form" in main) == (True, False)


def test_with_a_colleague_the_page_asks_whom(counter, now):
    order = make_order(now)
    make_member(order.organisation)

    page = counter.get(reverse("counter:order-contact", args=[order.pk])).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    assert ('name="contact"' in main, "<form" in main) == (True, True)
