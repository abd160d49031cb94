"""The counter and administrators sign in in two steps, from their first sign-in on."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import (
    PASSWORD,
    make_admin,
    make_coordinator,
    make_person,
    make_steering,
    show_who_is_there,
)

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def required(settings):
    settings.LUUKKU_SECOND_FACTOR = True


def browser_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return show_who_is_there(client)


@pytest.mark.parametrize("make", [make_coordinator, make_admin])
@pytest.mark.parametrize(
    "path", ["/en/counter/people/", "/en/desk/", "/en/me/", "/cms/", "/en/search/"]
)
def test_without_a_second_factor_nothing_opens(make, path):
    response = browser_of(make()).get(path)

    assert (response.status_code, response["Location"]) == (302, reverse("second-factor"))


@pytest.mark.parametrize("make", [make_coordinator, make_admin])
def test_without_a_second_factor_no_form_acts(make):
    other = make_person()

    response = browser_of(make()).post(reverse("counter:person", args=[other.pk]), {"name": "X"})

    assert response["Location"] == reverse("second-factor")


@pytest.mark.parametrize("make", [make_coordinator, make_admin])
@pytest.mark.parametrize("name", ["second-factor", "mfa_activate_totp", "account_logout"])
def test_without_a_second_factor_one_may_be_taken_into_use(make, name):
    assert browser_of(make()).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_others_may_choose(make):
    assert browser_of(make()).get(reverse("account")).status_code == 200


def test_the_grace_of_a_demonstration_leaves_the_password_alone(settings):
    settings.LUUKKU_SECOND_FACTOR = False

    assert browser_of(make_coordinator()).get(reverse("account")).status_code == 200


def test_an_app_is_taken_into_use_and_asked_for_at_the_next_sign_in():
    person = make_coordinator(password=PASSWORD, email="kaisa@example.test")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = browser_of(person)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]

    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert client.get(reverse("counter:people")).status_code == 200
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in kept
    assert TOTP(Authenticator.objects.get(user=person, type="totp")).validate_code(code_of(secret))
    other = Client()
    response = other.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in other.session


def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_who_takes_the_last_factor_away_is_asked_for_a_new_one():
    person = make_coordinator()
    Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    client = browser_of(person)
    assert client.get(reverse("counter:people")).status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert client.get(reverse("counter:people"))["Location"] == reverse("second-factor")
