"""Somebody calls to order: three pages until the first question, by the keyboard, in the combobox as screen readers know it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_vetted_organisation
from tests.factories.organisations import make_member
from tests.web.axe import bring_axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = "input[name=title]"  # in the first question of the order


@pytest.fixture
def page(usual_page, live_server):
    client = Client()
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    usual_page.context.add_cookies([session | {"url": live_server.url}])
    usual_page.set_viewport_size({"width": 320, "height": 800})
    with translation.override("fi"):
        usual_page.goto(live_server.url + reverse("counter:order-new"))
    return usual_page


def test_known_caller_is_found_and_chosen_by_the_keyboard(page):
    for name, school in (("Kaisa Kolmas", "Kenttäkoulu"), ("Kaisa Kolmas", "Rantakoulu")):
        make_member(make_vetted_organisation(school), name=name, role=MemberRole.ORDERER)
    name = page.get_by_role("combobox", name="Soittajan nimi")

    name.press_sequentially("kaisa", delay=30)
    page.wait_for_selector("[role=option]:has-text('Rantakoulu')")
    expanded = name.get_attribute("aria-expanded")
    told = page.locator(".pick [role=status]").first.text_content()
    bring_axe(page)
    faults = page.evaluate("axe.run('main').then(r => r.violations.map(v => v.id))")
    wide = page.evaluate("document.documentElement.scrollWidth")
    options = page.locator("[role=option]").all_text_contents()
    name.press("Escape")
    shut = name.get_attribute("aria-expanded")
    at = next(n for n, words in enumerate(options) if "Rantakoulu" in words)
    for _n in range(at + 1):
        name.press("ArrowDown")
    active = page.locator(f"[id='{name.get_attribute('aria-activedescendant')}']").text_content()
    name.press("Enter")
    chosen = page.locator("input[name=contact]:checked").count()
    with page.expect_navigation():
        page.get_by_role("button", name="Aloita tilaus").press("Enter")

    assert (expanded, shut, faults, wide) == ("true", "false", [], 320)
    assert told.startswith("Löytyi:")
    assert ("Rantakoulu" in active, chosen, page.locator(ASKED).count()) == (True, 1, 1)


def test_new_caller_of_a_known_organisation_is_three_pages_from_the_first_question(page):
    make_vetted_organisation("Kenttäkoulu")
    pages = []
    page.on("domcontentloaded", lambda loaded: pages.append(loaded.url))
    page.get_by_label("Soittajan nimi").fill("Eero Ek")
    page.get_by_label("Puhelin").fill("040 123 4562")
    page.get_by_role("combobox", name="Organisaatio", exact=True).press_sequentially(
        "kent", delay=30
    )
    page.wait_for_selector("[role=option]:has-text('Kenttäkoulu')")
    page.locator("[role=option]:has-text('Kenttäkoulu')").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Aloita tilaus").click()
    page.locator("input[name^=sure_]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Aloita tilaus").click()

    assert (len(pages), page.locator(ASKED).count()) == (2, 1)  # and the page that was open


def test_known_number_is_warned_of_while_it_is_written(page):
    make_member(make_vetted_organisation("Kenttäkoulu"), name="Kaisa Kolmas", phone="040 123 4567")

    page.get_by_label("Puhelin").press_sequentially("0401234567", delay=20)

    page.wait_for_selector("#same label:has-text('Kaisa Kolmas')")
    assert page.locator("#same input[name=contact]:checked").count() == 0
