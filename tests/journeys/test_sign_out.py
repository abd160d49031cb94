"""After signing out the back button shows nothing of anybody, with the browser's usual cache."""

import pytest
from django.test import Client

from tests.factories.accounts import make_coordinator, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_back_after_sign_out_shows_nothing_of_anybody(usual_page, live_server):
    client = Client()
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    secret, page = make_person("Salla Salattu").name, usual_page
    page.context.add_cookies([session | {"url": live_server.url}])
    page.goto(f"{live_server.url}/fi/counter/people/")
    seen_before = secret in page.inner_text("body")
    page.goto(f"{live_server.url}/fi/account/logout/")
    with page.expect_navigation():
        page.click("form[action*='logout'] button")

    page.go_back(wait_until="commit")
    after_one = page.inner_text("body")
    page.go_back(wait_until="commit")
    after_two = page.inner_text("body")

    assert seen_before
    assert secret not in after_one + after_two
    assert "/account/login/" in page.url
