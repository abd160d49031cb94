"""Back, sessions that end and two tabs in a real browser with its usual cache: nothing that was typed is lost."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from luukku.assignments.models import Assignment
from luukku.orders.actions import start
from luukku.orders.models import Order
from luukku.workflow.models import Typed
from tests.factories.accounts import PASSWORD
from tests.factories.assignments import make_offer
from tests.factories.orders import make_orderer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def draft(now):
    orderer = make_orderer()
    return start(by=orderer, at=now, organisation=orderer.memberships.get().organisation)


@pytest.fixture
def visit(usual_page, live_server):
    """Open a page of ours in Finnish as somebody signed in."""

    def open_as(user, name, *args):
        client = Client()
        client.force_login(user, backend=BACKEND)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        usual_page.context.add_cookies([session | {"url": live_server.url}])
        usual_page.goto(live_server.url + reverse(name, args=args).replace("/en/", "/fi/", 1))
        return usual_page

    return open_as


def send(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def first_step(page, **typed):
    page.select_option("[name=task_type]", label="Luento tai oppitunti")
    for name, value in ({"goal": "Rohkeutta", "expert_does": "Kertoo"} | typed).items():
        page.fill(f"[name={name}]", value)


def test_correction_after_back_is_kept(visit, draft):
    page = visit(draft.contact, "orderer:order-step", draft.pk, "what")
    first_step(page, title="Vierialu")
    send(page, "Tallenna ja jatka")

    page.go_back()
    page.fill("[name=title]", "Vierailu")
    send(page, "Tallenna ja jatka")

    assert Order.objects.get().title == "Vierailu"
    assert page.url.endswith("/steps/who/")


def test_back_to_a_step_that_was_refused_first_shows_what_is_saved(visit, draft):
    page = visit(draft.contact, "orderer:order-step", draft.pk, "what")
    page.fill("[name=title]", "Vierailu")
    send(page, "Tallenna ja jatka")
    refused = page.locator(".error-summary").count()
    first_step(page, title="Vierailu kurssilla")
    send(page, "Tallenna ja jatka")

    page.go_back()

    assert refused == 1
    assert page.input_value("[name=title]") == "Vierailu kurssilla"
    page.fill("[name=goal]", "Uusi tavoite")
    send(page, "Tallenna ja jatka")
    assert Order.objects.get().goal == "Uusi tavoite"


def test_back_to_a_refused_form_that_was_left_shows_what_was_typed(visit, draft):
    page = visit(draft.contact, "orderer:order-step", draft.pk, "what")
    page.fill("[name=goal]", "Pitkään mietitty tavoite")
    send(page, "Tallenna ja jatka")
    with page.expect_navigation():
        page.click("header a.mark")

    page.go_back()

    assert page.input_value("[name=goal]") == "Pitkään mietitty tavoite"


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_and_saved_once(
    visit, draft
):
    user = draft.contact
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page = visit(user, "orderer:order-step", draft.pk, "what")
    first_step(page, title="Vierailu")
    page.context.clear_cookies(name="sessionid")
    send(page, "Tallenna ja jatka")
    asked_to_sign_in = "/account/login/" in page.url

    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form.form button >> nth=0")
    found = page.input_value("[name=title]")
    send(page, "Tallenna ja jatka")

    assert (asked_to_sign_in, found) == (True, "Vierailu")
    assert [order.title for order in Order.objects.all()] == ["Vierailu"]
    assert not Typed.objects.exists()


def test_no_in_another_tab_after_a_yes_says_what_was_written_down(visit, now):
    offer = make_offer(now)
    first = visit(offer.expert.user, "expert:offer", offer.pk)
    second = first.context.new_page()
    second.goto(first.url)

    first.locator("form[action$='/accept/'] button, button[name=accept]").first.click()
    first.wait_for_load_state()
    with second.expect_navigation():
        second.locator("[formaction$='/decline/'], form[action$='/decline/'] button").first.click()

    assert Assignment.objects.count() == 1
    assert "ei-vastausta ei kirjattu" in second.inner_text("main").lower()
