"""Nothing personal is kept by a browser: no-store on every page of somebody's, none on open pages.

``architecture/test_urls.py`` looks at every address, for whoever is signed in.
"""

import pytest
from django.test import Client
from django.urls import reverse

from luukku.assignments.actions import new_calendar_key
from luukku.core.links import Link, sign
from tests.architecture.test_urls import KEPT
from tests.factories.assignments import make_offer
from tests.factories.orders import make_guest_draft


def is_kept(answer):
    return answer.get("Cache-Control") != "no-store" or KEPT & set(answer.headers)


@pytest.mark.django_db
def test_no_answer_to_a_link_a_key_or_a_draft_is_kept(client, now):
    offer = make_offer(now)
    key = new_calendar_key(offer.expert.user, by=offer.expert.user, at=now).key
    guest = make_guest_draft(now)
    session = client.session
    session["guest_orders"] = [guest.pk]
    session.save()
    stranger = Client()
    offer_token = sign(Link("offer", offer.pk, offer.expert.user_id))
    asked = [
        (stranger, reverse("public:offer-link", args=[offer_token])),
        (stranger, reverse("public:offer-link", args=["forged"])),
        (stranger, reverse("public:advice-link", args=["forged"])),
        (stranger, reverse("public:calendar-feed", args=[key])),
        (stranger, reverse("counter:people")),
        (stranger, reverse("account")),
        (stranger, reverse("account_login")),
        (stranger, reverse("account_reset_password")),
        (client, reverse("public:order-check", args=[guest.pk])),
    ]

    kept = [url for who, url in asked if is_kept(who.get(url))]

    assert kept == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["public:start", "public:task-types", "public:calls", "sitemap"])
def test_open_page_for_nobody_in_particular_stays_as_it_is(client, name):
    answer = client.get(reverse(name))

    assert (answer.status_code, answer.get("Cache-Control")) == (200, None)
