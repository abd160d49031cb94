import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.mail import delivered

pytestmark = pytest.mark.django_db
FORM = {
    "email": "Aino@Example.test",
    "name": "Aino\u202e Aalto",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_sign_up_makes_an_account_with_a_clean_name_and_the_page_s_language(client):
    response = client.post("/sv/account/signup/", FORM)

    user = User.objects.get(is_machine=False)
    assert response.status_code == 302
    assert (user.name, user.email, user.language) == ("Aino Aalto", "aino@example.test", "sv")
    assert user.roles == []


@pytest.mark.parametrize(
    "missing", [{"email": ""}, {"name": ""}, {"name": "\u200b\u2060"}, {"password1": ""}]
)
def test_sign_up_needs_name_address_and_password(client, missing):
    client.post("/fi/account/signup/", FORM | missing)

    assert not User.objects.filter(is_machine=False).exists()


def test_sign_up_does_not_tell_who_has_an_account(client):
    make_person(email="aino@example.test")

    response = client.post("/fi/account/signup/", FORM)

    assert response.status_code == 302
    assert User.objects.filter(email="aino@example.test").count() == 1
    assert "aino@example.test" not in response["Location"]


def test_sign_in_by_a_code_from_the_mail(client):
    person = make_person(email="aino@example.test")
    client.post(reverse("account_request_login_code"), {"email": "AINO@example.test"})

    client.post(reverse("account_confirm_login_code"), {"code": code_in(delivered()[0])})

    assert mail.outbox[0].to == ["aino@example.test"]
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_by_a_code_does_not_tell_who_has_an_account():
    known = make_person(email="aino@example.test")
    answers = [
        Client().post(reverse("account_request_login_code"), {"email": email})
        for email in (known.email, "nobody@example.test")
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, reverse("account_confirm_login_code"))
    ] * 2


def test_sign_in_by_password_confirms_the_address_the_first_time(client):
    person = make_person(email="aino@example.test", password=PASSWORD)

    client.post(reverse("account_login"), {"login": "Aino@Example.test", "password": PASSWORD})

    assert "_auth_user_id" not in client.session
    client.post(reverse("account_email_verification_sent"), {"code": code_in(delivered()[0])})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_by_password_in_any_case_of_a_confirmed_address(client):
    person = make_person(email="aino@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    client.post(reverse("account_login"), {"login": "Aino@Example.test", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(person.pk)


def code_in(letter):
    return re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", letter.body, re.MULTILINE)[1]
