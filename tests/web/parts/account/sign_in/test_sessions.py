"""A sign-in that nobody uses ends: soon at the counter, soonest on a shared computer."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from luukku.web.parts.account.sign_in import sessions
from tests.factories.accounts import (
    PASSWORD,
    make_admin,
    make_coordinator,
    make_person,
    make_steering,
)
from tests.factories.mail import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def wait(monkeypatch):
    """Let minutes pass."""
    real, passed = time.time, [0]
    monkeypatch.setattr(sessions.time, "time", lambda: real() + passed[0] * 60)

    def wait(minutes):
        passed[0] += minutes

    return wait


def browser_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_in(client):
    return client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize(
    ("make", "minutes"),
    [(make_coordinator, 30), (make_admin, 30), (make_steering, 1440), (make_person, 1440)],
)
def test_a_session_ends_when_nothing_is_done(make, minutes, wait):
    client = browser_of(make())
    wait(minutes - 1)
    assert is_in(client)
    wait(minutes - 1)
    assert is_in(client)  # coming back counts
    wait(minutes + 1)

    assert not is_in(client)


def test_who_was_signed_out_is_told_why_and_comes_back_to_their_page(wait):
    client = browser_of(make_coordinator())
    wait(31)

    response = client.get(reverse("account"), follow=True)

    assert response.redirect_chain == [(f"{reverse('account_login')}?next=/en/me/", 302)]
    assert "You have been signed out because nothing was done" in response.content.decode()


def test_every_page_says_without_scripts_when_the_session_ends():
    page = browser_of(make_coordinator()).get(reverse("account")).content.decode()

    assert "when you have done nothing for 30 minutes" in page


def test_staying_needs_no_script(wait):
    client = browser_of(make_coordinator())
    wait(29)
    assert client.post(reverse("stay")).status_code == 303
    wait(29)

    assert is_in(client)


def test_most_requests_note_nothing(wait):
    client = browser_of(make_person())
    wait(2)
    is_in(client)

    seen = client.session["seen_at"]
    is_in(client)

    assert client.session["seen_at"] == seen


@pytest.fixture
def owner():
    person = make_person(email="aino@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_shared_computer_forgets(owner, is_shared, wait):
    client = Client()
    data = {"login": owner.email, "password": PASSWORD} | ({"is_shared": "on"} if is_shared else {})

    client.post(reverse("account_login"), data)

    assert client.session.get_expire_at_browser_close() == is_shared
    assert ("luukku_device" in client.cookies) != is_shared
    wait(16)
    assert is_in(client) != is_shared


def test_a_shared_computer_is_asked_for_with_a_code_too(owner):
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": owner.email, "is_shared": "on"})
    code = delivered()[0].body.split("#code=")[1].split()[0]

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert client.session["_auth_user_id"] == str(User.objects.get(pk=owner.pk).pk)
    assert client.session.get_expire_at_browser_close()
