"""The frame, the sign-in page and the figures look as promised, without JavaScript."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from luukku.organisations.models import ChangeAsked, Organisation
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation
from tests.web.cut_words import CUT

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.django_db
def test_start_shows_five_doors_and_one_primary_action():
    page = Client().get("/fi/").content.decode()

    assert page.count('class="card door') == 5
    assert page.split("<main")[1].count('class="ds-button"') == 1


@pytest.mark.django_db
def test_sign_in_shows_the_ways_without_a_password():
    page = Client().get("/en/account/login/?next=/en/desk/").content.decode()

    assert "/en/account/login/code/" in page
    assert "/en/account/signup/" in page
    assert 'name="next"' in page
    assert "placeholder=" not in page


@pytest.mark.django_db
def test_section_filled_in_by_the_counter_says_on_whose_behalf():
    expert = make_expert()

    theirs = signed_in(make_coordinator()).get(f"/en/counter/experts/{expert.pk}/words/")
    own = signed_in(expert.user).get("/en/expert/profile/words/")

    assert f"You fill this in on behalf of {expert.user.name}." in theirs.content.decode()
    assert "on behalf of" not in own.content.decode()


@pytest.mark.django_db
def test_words_are_folded_by_group_and_those_off_are_marked():
    Theme.objects.filter(code=Theme.objects.order_by("pk").first().code).update(is_active=False)
    page = signed_in(make_coordinator()).get("/en/counter/words/").content.decode()

    assert page.count('<details class="more"') == 5
    assert re.findall(r"not in use:\s*(\d+)", page) == ["1"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "is_folded"), [(320, True), (1280, False)])
def test_menu_is_folded_on_a_phone_and_opens_by_keyboard(
    live_server, browser_page, width, is_folded
):
    browser_page.set_viewport_size({"width": width, "height": 640})
    browser_page.goto(live_server.url + "/en/")
    way = browser_page.get_by_role("link", name="Open calls", exact=True)

    assert way.is_visible() is not is_folded
    if is_folded:
        browser_page.locator(".menu summary").focus()
        browser_page.keyboard.press("Enter")
        assert way.is_visible()


@pytest.mark.browser
@pytest.mark.hyphens
@pytest.mark.django_db(transaction=True)
def test_table_that_scrolls_cuts_no_word_on_a_phone(live_server, browser_page):
    ChangeAsked.objects.create(
        organisation=make_organisation("Kokemustoimintayhdistys"), name="Satakuntayhdistys",
        kind="ngo", sector="third", asked_by=make_person(), asked_at=timezone.now(),
    )  # fmt: skip
    session = signed_in(make_coordinator()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    browser_page.set_viewport_size({"width": 320, "height": 640})

    browser_page.goto(
        f"{live_server.url}/fi/counter/organisations/{Organisation.objects.get().pk}/"
    )
    cells = browser_page.locator(".scroll :is(th, td)")

    assert cells.count() == 15
    assert browser_page.evaluate(CUT) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_page_prints_without_what_one_can_only_press(live_server, browser_page):
    browser_page.goto(live_server.url + "/en/")
    browser_page.emulate_media(media="print")

    for hidden in (".bar .on-wide", ".bar .menu", "footer"):
        assert not browser_page.locator(hidden).is_visible()
    assert browser_page.locator("h1").is_visible()
