"""The button that takes an act back goes when its moment is over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luukku.assignments.models import Undo
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_offer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR = timedelta(
    hours=1
)  # machines are slow: the moment is made longer, and the page's clock is put forward


def test_button_that_takes_back_goes_when_the_moment_is_over(chromium, live_server, now):
    offer, client = make_offer(now), Client()
    client.force_login(make_coordinator(), backend=BACKEND)
    client.post(reverse("counter:offer-answer", args=[offer.pk]), {"accept": "1"})
    Undo.objects.update(until_at=now + HOUR)
    context = chromium.new_context(locale="fi-FI")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([session | {"url": live_server.url}])
    page = context.new_page()
    page.clock.install()
    path = reverse("counter:order", args=[offer.order_id]).replace("/en/", "/fi/", 1)

    page.goto(live_server.url + path)
    button = page.get_by_role("button", name="Peru tämä")
    button.focus()
    before = button.count()
    left = page.locator("[data-seconds] form [aria-hidden]")
    first = int(left.inner_text().removesuffix(" s"))
    page.clock.run_for(5000)
    second = int(left.inner_text().removesuffix(" s"))
    page.clock.fast_forward(HOUR.seconds * 1000)
    words = page.locator("[data-seconds] p")

    assert first > second
    assert (before, button.count()) == (1, 0)
    assert (
        words.inner_text()
        == "Kymmenen sekuntia on kulunut ja viestit lähtevät. Tätä ei voi enää perua tästä."
    )
    assert page.evaluate("document.activeElement.tagName") == "P"
    context.close()
