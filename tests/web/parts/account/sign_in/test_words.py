"""The pages of accounts speak as the rest of the site does, and say only what is true."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.factories.accounts import PASSWORD, make_person
from tests.markup import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    person = make_person("Amina Hiltunen", email="amina@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(language, password=PASSWORD):
    client = Client()
    data = {"login": "amina@example.test", "password": password}
    page = client.post(f"/{language}/account/login/", data, follow=True).content.decode()
    return client, page


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Olet kirjautunut sisään."), ("sv", "Du är inloggad."), ("en", "You are signed in.")],
)
def test_signing_in_is_told_in_our_words(owner, language, words):
    _client, page = sign_in(language)

    assert words in page
    assert "Kirjauduttiin" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Sähköpostiosoite ja salasana eivät täsmää."),
        ("sv", "E-postadressen och lösenordet hör inte ihop."),
        ("en", "The e-mail address and the password do not belong together."),
    ],
)
def test_a_wrong_password_says_what_to_do(owner, language, words):
    _client, page = sign_in(language, "väärä")

    assert words in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_signing_in_by_password_asks_for_no_scripts(client, language):
    page = client.get(f"/{language}/account/login/").content.decode()

    assert "<noscript" not in page
    assert 'id="passkey_login"' in page


def test_resetting_while_signed_in_is_a_whole_sentence(owner):
    client, _page = sign_in("fi")

    page = client.get("/fi/account/password/reset/").content.decode()

    assert "Vaihda salasanasi täällä" in page
    assert "Muistiinpano" not in page


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("qwertyuiop", "Tämä salasana on niin yleinen, että moni arvaisi sen."),
        ("lyhyt", "vähintään 10 merkkiä"),
    ],
)
def test_a_weak_password_is_told_plainly(client, password, words):
    data = {"email": "uusi@example.test", "name": "Uusi", "password1": password}

    page = client.post("/fi/account/signup/", data).content.decode()

    assert words in page


def test_a_closed_account_is_told_whom_to_ask(client):
    page = client.get("/fi/account/inactive/").content.decode()

    assert "Tämä tili on suljettu" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Uusi osoite, joka odottaa vahvistusta"),
        ("sv", "Ny adress som väntar på bekräftelse"),
    ],
)
def test_an_address_that_waits_is_told_plainly(owner, language, words):
    EmailAddress.objects.create(user=owner, email="uusi@example.test", verified=False)
    client, _page = sign_in(language)

    page = client.get(f"/{language}/account/email/").content.decode()

    assert words in page
    assert "kohteeseen" not in page


def test_the_ways_of_signing_in_have_one_name(owner):
    client, _page = sign_in("fi")

    page = said(client.get("/fi/account/2fa/"))

    assert "Pääsyavaimet ja turva-avaimet" in page
    assert "palautuskood" not in page
