"""Five wrong passwords by a stranger never lock the owner out."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, RequestFactory
from django.urls import reverse

from luukku.web.parts.account.sign_in.limits import PASSWORDS, Tries
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.mail import delivered, newest_code

pytestmark = pytest.mark.django_db
STRANGER, HOME = "6.6.6.6", "1.2.3.4"


@pytest.fixture
def owner():
    person = make_person(email="aino@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(address, password, *, client=None, email="aino@example.test"):
    """Try to sign in from ``address``; return whether it went well."""
    client = client or Client()
    client.post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address
    )
    return "_auth_user_id" in client.session


def test_wrong_passwords_put_off_who_guesses_even_with_the_right_one(owner):
    for _n in range(5):
        assert not sign_in(STRANGER, "väärä")

    assert not sign_in(STRANGER, PASSWORD)


def test_wrong_passwords_of_a_stranger_leave_the_owner_in(owner):
    for _n in range(30):
        sign_in(STRANGER, "väärä")

    assert sign_in(HOME, PASSWORD)


def test_a_forged_header_gives_no_more_guesses(owner):
    client = Client()
    for n in range(6):
        data = {"login": owner.email, "password": PASSWORD if n == 5 else "väärä"}
        client.post(
            reverse("account_login"), data, REMOTE_ADDR=STRANGER, HTTP_X_FORWARDED_FOR=f"7.7.7.{n}"
        )

    assert "_auth_user_id" not in client.session


def test_behind_a_trusted_proxy_each_person_is_counted_alone(owner, settings):
    settings.LUUKKU_TRUSTED_PROXIES = ["10.0.0.1"]
    client = Client()
    for n in range(6):
        address, password = (HOME, PASSWORD) if n == 5 else (STRANGER, "väärä")
        client.post(
            reverse("account_login"),
            {"login": owner.email, "password": password},
            REMOTE_ADDR="10.0.0.1",
            HTTP_X_FORWARDED_FOR=f"9.9.9.9, {address}",
        )

    assert "_auth_user_id" in client.session


def test_wrong_passwords_from_everywhere_leave_a_known_device_in(owner):
    at_home = Client()
    assert sign_in(HOME, PASSWORD, client=at_home)
    at_home.post(reverse("account_logout"))
    for n in range(201):
        tried(f"6.6.{n}.1")

    assert not sign_in("8.8.8.8", PASSWORD)  # somewhere new: by password no more, but by a code
    assert sign_in(HOME, PASSWORD, client=at_home)


def test_wrong_passwords_from_everywhere_leave_the_way_by_code(owner):
    for n in range(201):
        tried(f"6.6.{n}.1")
    client = Client(REMOTE_ADDR="8.8.8.8")

    client.post(reverse("account_request_login_code"), {"email": owner.email})
    code = newest_code()
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert "_auth_user_id" in client.session


def test_a_device_that_somebody_else_knows_gives_no_more_guesses(owner):
    other = make_person(email="toinen@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    client = Client()
    assert sign_in(STRANGER, PASSWORD, client=client, email=other.email)
    client.post(reverse("account_logout"))
    for _n in range(5):
        sign_in(STRANGER, "väärä", client=client)

    assert not sign_in(STRANGER, PASSWORD, client=client)


def test_a_known_device_may_not_guess_for_ever(owner):
    client = Client()
    assert sign_in(HOME, PASSWORD, client=client)
    client.post(reverse("account_logout"))
    for _n in range(20):
        sign_in(HOME, "väärä", client=client)

    assert not sign_in(HOME, PASSWORD, client=client)


@pytest.mark.parametrize("form", ["account_request_login_code", "account_reset_password"])
def test_letters_that_a_stranger_asks_for_leave_the_owner_s_own(owner, form):
    for _n in range(10):
        Client(REMOTE_ADDR=STRANGER).post(reverse(form), {"email": owner.email})
    before = len(delivered())

    response = Client(REMOTE_ADDR=HOME).post(reverse(form), {"email": owner.email})

    assert before == 6  # a mailbox is not filled, either
    assert (response.status_code, len(delivered())) == (302, before + 1)


def tried(address):
    """Count a try from ``address`` without the time that hashing takes."""
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    return Tries(request, "password", "aino@example.test", PASSWORDS).are_too_many()
