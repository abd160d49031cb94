"""An open session is not enough to move an account; who owns it hears of every change."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.notices.actions import send_outbox
from luukku.notices.models import Letter
from tests.factories.accounts import PASSWORD, make_person, show_who_is_there
from tests.factories.experts import make_expert
from tests.factories.mail import delivered

pytestmark = pytest.mark.django_db
LONG_AGO = 3600


def signed_in(person, *, seconds_ago=LONG_AGO):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return show_who_is_there(client, seconds_ago=seconds_ago)


def make_owner(**fields):
    person = make_person(email="aino@example.test", **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def code_in(body):
    return re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", body, re.MULTILINE)[1]


ACTS = [
    ("account_email", {"action_add": "", "email": "new@example.test"}),
    ("mfa_activate_totp", {}),
    ("mfa_generate_recovery_codes", {}),
    ("end-sessions", {}),
]


@pytest.mark.parametrize(("name", "data"), ACTS, ids=[name for name, _data in ACTS])
@pytest.mark.parametrize("password", [PASSWORD, ""], ids=["password", "code-only"])
def test_what_moves_the_account_asks_first_who_is_there(name, data, password):
    client = signed_in(make_owner(password=password))

    response = client.post(reverse(name), data)

    where = "account_reauthenticate" if password else "confirm-by-code"
    assert response["Location"].partition("?")[0] == reverse(where)
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_a_first_password_is_not_chosen_with_an_open_session_alone():
    person = make_owner()
    client = signed_in(person)

    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})

    assert not User.objects.get(pk=person.pk).has_usable_password()


def test_a_profile_is_not_deleted_with_an_open_session_alone(at):
    expert = make_expert(at=at)
    client = signed_in(expert.user)

    response = client.post(reverse("expert:profile-erase"))

    assert response["Location"].startswith(reverse("confirm-by-code"))


def test_a_code_from_the_mail_lets_go_on_with_what_was_sent():
    person = make_owner()
    client = signed_in(person)
    page = client.post(reverse("end-sessions"), {})["Location"]

    client.post(page)
    client.post(page, {"code": code_in(delivered()[0].body)})

    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=person.pk).session_number == 1


def test_a_wrong_code_three_times_asks_for_a_new_one():
    client = signed_in(make_owner())
    page = client.post(reverse("end-sessions"), {})["Location"]
    client.post(page)
    for _n in range(3):
        assert client.post(page, {"code": "XXXX-XXXX"}).status_code == 422

    assert client.post(page, {"code": code_in(delivered()[0].body)}).status_code == 422


def test_codes_are_asked_for_a_few_times_an_hour_only():
    client = signed_in(make_owner())
    page = client.post(reverse("end-sessions"), {})["Location"]

    answers = [client.post(page).status_code for _n in range(7)]

    assert answers == [303] * 6 + [422]


def test_the_old_address_is_told_that_the_address_was_changed():
    person = make_owner(password=PASSWORD)
    client = signed_in(person, seconds_ago=0)
    client.post(reverse("account_email"), {"action_add": "", "email": "new@example.test"})

    client.post(reverse("account_email_verification_sent"), {"code": code_in(delivered()[0].body)})

    assert User.objects.get(pk=person.pk).email == "new@example.test"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@example.test"]
    told = Letter.objects.filter(kind="accounts.changed")
    assert sorted(letter.email for letter in told) == ["", "aino@example.test"]
    assert {letter.subject for letter in told} == {"Tiliäsi on muutettu"}


def test_a_changed_password_is_told():
    person = make_owner(password=PASSWORD)
    client = signed_in(person, seconds_ago=0)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "uusi-koivunlehti-9",
            "password2": "uusi-koivunlehti-9",
        },
    )

    assert person.letters.get().kind == "accounts.changed"


def test_a_removed_second_factor_is_told():
    person = make_owner(password=PASSWORD)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = signed_in(person, seconds_ago=0)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert person.letters.get().body.startswith("Yksi kaksivaiheisen")


def test_signing_out_everywhere_ends_every_session():
    person = make_owner()
    one, other = signed_in(person, seconds_ago=0), signed_in(person)

    one.post(reverse("end-sessions"))

    assert other.get(reverse("letters")).status_code == 302
    send_outbox(at=timezone.now())
    assert len(mail.outbox) == 1
