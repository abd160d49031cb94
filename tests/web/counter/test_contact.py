"""The counter lets a colleague be the contact person of an order."""

import pytest
from django.urls import reverse

from luukku.organisations.models import Membership
from tests.factories.orders import make_order
from tests.factories.organisations import make_member
from tests.markup import flat

pytestmark = pytest.mark.django_db


def test_without_colleagues_the_page_leads_to_where_one_is_added(counter, now):
    order = make_order(now)

    page = counter.get(reverse("counter:order-contact", args=[order.pk])).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    to = reverse("counter:add-member", args=[order.organisation_id])
    assert (f'href="{to}"' in main, "<form" in main) == (True, False)
    assert reverse("counter:order", args=[order.pk]) in main


def test_order_says_that_its_contact_person_has_left_and_leads_to_naming_another(counter, now):
    order = make_order(now)
    page, contact = (
        reverse(f"counter:{name}", args=[order.pk]) for name in ("order", "order-contact")
    )
    before = flat(counter.get(page))
    Membership.objects.filter(user=order.contact).delete()

    after = flat(counter.get(page))

    said = f"{order.contact.name} no longer orders for {order.organisation.name}."
    assert [said in one for one in (before, after)] == [False, True]
    assert contact in after[after.index(said) : after.index("Name another contact person")]


def test_with_a_colleague_the_page_asks_whom(counter, now):
    order = make_order(now)
    make_member(order.organisation)

    page = counter.get(reverse("counter:order-contact", args=[order.pk])).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    assert ('name="contact"' in main, "<form" in main) == (True, True)
