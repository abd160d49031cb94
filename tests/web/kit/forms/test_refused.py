"""A form that was refused for what is wrong in it: its page gives back what was typed, until it is sent."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from luukku.orders.actions import start
from luukku.workflow.models import Typed
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_guest_draft, make_orderer
from tests.factories.organisations import make_organisation
from tests.web.kit.forms.found import forms_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HERE = "What you wrote is here"


def signed(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response):
    return response.content.decode()


def form_on(client, page, action=None):
    forms = [form for form in forms_in(text(client.get(page)), page) if form.token("form_token")]
    return next(form for form in forms if form.action == (action or page))


@pytest.fixture
def step(now):
    orderer = make_orderer()
    draft = start(by=orderer, at=now, organisation=orderer.memberships.get().organisation)
    return draft, reverse("orderer:order-step", args=[draft.pk, "what"])


def test_refused_form_is_filled_in_when_its_page_is_opened_again_until_it_is_sent(step):
    draft, page = step
    client = signed(draft.contact)

    refused = client.post(page, form_on(client, page).data() | {"goal": "Pitkä teksti"})
    again = form_on(client, page)

    assert (refused.status_code, "<html data-kept " in text(refused)) == (422, True)
    assert HERE in text(client.get(page))
    assert again.data()["goal"] == ["Pitkä teksti"]
    assert client.post(page, again.data() | {"go": "later"}).status_code == 303
    assert HERE not in text(client.get(page))
    assert not Typed.objects.exists()


def test_refused_form_can_be_begun_anew(step):
    draft, page = step
    client = signed(draft.contact)
    client.post(page, form_on(client, page).data() | {"goal": "Pitkä teksti"})

    empty = re.search(r'<a href="([^"]+)">Begin with an empty form', text(client.get(page)))[1]
    anew = form_on(client, empty)

    assert empty == f"{page}?empty"
    assert HERE not in text(client.get(empty))
    assert anew.data()["goal"] == [""]
    client.post(empty, anew.data() | {"goal": "Toinen teksti"})
    assert form_on(client, page).data()["goal"] == ["Toinen teksti"]


def test_form_that_was_sent_empty_has_nothing_to_give_back(now):
    client, page = signed(make_coordinator()), reverse("counter:order-new")

    refused = client.post(page, form_on(client, page).data())

    assert refused.status_code == 422
    assert HERE not in text(client.get(page))


def test_refused_form_is_given_to_nobody_else_at_the_same_machine(step):
    draft, page = step
    client = signed(draft.contact)
    client.post(page, form_on(client, page).data() | {"goal": "Pitkä teksti"})

    client.force_login(make_orderer(draft.organisation), backend=BACKEND)

    assert "Pitkä teksti" not in text(client.get(page))
    assert HERE not in text(client.get(page))


def test_refused_form_of_an_act_is_filled_in_on_the_page_that_its_address_leads_to(now):
    client, organisation = signed(make_coordinator()), make_organisation()
    page = reverse("counter:organisation", args=[organisation.pk])
    action = reverse("counter:add-unit", args=[organisation.pk])
    typed = form_on(client, page, action).data() | {"unit-name": "K" * 500}

    refused = client.post(action, typed)

    assert refused.status_code == 422
    assert client.get(action)["Location"] == page
    assert form_on(client, page, action).data()["unit-name"] == ["K" * 500]


def test_guests_refused_form_waits_in_the_browser_that_has_the_draft(client, now):
    draft = make_guest_draft(now)
    session = client.session
    session["guest_orders"] = [draft.pk]
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    page = reverse("public:order-step", args=[draft.pk, "what"])

    client.post(page, form_on(client, page).data() | {"title": "", "goal": "Vieraan teksti"})

    assert form_on(client, page).data()["goal"] == ["Vieraan teksti"]
    del client.cookies[settings.SESSION_COOKIE_NAME]
    assert client.get(page).status_code == 404


def test_nothing_is_kept_of_a_page_that_is_nobodys_own(client):
    page = reverse("public:advice")
    typed = form_on(client, page).data() | {"words": "Salainen asiani", "email": "ei osoite"}

    refused = client.post(page, typed)

    assert refused.status_code == 422
    assert "data-kept" not in text(refused)
    assert not Typed.objects.exists()
    assert "Salainen" not in text(client.get(page))
