"""Signing in by the link of a letter: the same browser opens it and presses one button."""

import re

import pytest

from tests.factories.accounts import make_person
from tests.factories.mail import delivered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sign_in_by_the_link_of_the_letter(browser_page, live_server, settings):
    settings.LUUKKU_BASE_URL = live_server.url
    make_person("Aino Aalto", email="aino@example.test")
    browser_page.goto(f"{live_server.url}/fi/account/login/code/")
    browser_page.fill("input[name=email]", "aino@example.test")
    with browser_page.expect_navigation():
        browser_page.click("main form.form button")
    letter = delivered()[0]
    link = re.search(r"http\S+#code=\S+", letter.body)[0]

    browser_page.goto("about:blank")
    browser_page.goto(link)
    with browser_page.expect_navigation():
        browser_page.click("main form.form button >> nth=0")

    assert "Aino Aalto" in browser_page.inner_text("header")
    assert letter.subject == "Kirjaudu Kokemusluukkuun"
