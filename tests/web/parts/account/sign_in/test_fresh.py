"""An open session is not enough to move an account; who owns it hears of every change."""

import re
from base64 import b64decode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.notices.actions import send_outbox
from luukku.notices.models import Letter
from tests.factories.accounts import PASSWORD, make_admin, make_person, show_who_is_there
from tests.factories.experts import make_expert
from tests.factories.mail import delivered
from tests.web.kit.forms.found import forms_in

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


def form_on(client, page):
    return next(f for f in forms_in(client.get(page).content.decode(), page) if f.action == page)


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


def test_a_code_from_the_mail_leads_back_to_the_page_where_the_act_is_sent_again():
    person = make_owner()
    client = signed_in(person)
    page = client.post(reverse("end-sessions"), {})["Location"]

    client.post(page)
    back = client.post(page, {"code": code_in(delivered()[0].body)})

    assert back["Location"] == reverse("account")
    assert User.objects.get(pk=person.pk).session_number == 0
    client.post(reverse("end-sessions"), {})
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=person.pk).session_number == 1


def test_the_password_leads_back_to_the_page_of_what_was_sent():
    client = signed_in(make_owner(password=PASSWORD))
    page = client.post(reverse("account_email"), {"action_add": "", "email": "new@example.test"})

    back = client.post(page["Location"], {"password": PASSWORD})

    assert back["Location"] == reverse("account_email")


SECRET = "Salainen-sana-9"
SENT = [
    ("counter:person-factors", ["reason", "identity"]),
    ("counter:person-address", ["reason", "identity"]),
    ("account_set_password", ["password1", "password2"]),
    ("account_email", ["email"]),
]


@pytest.mark.parametrize(("name", "fields"), SENT, ids=[name for name, _fields in SENT])
def test_what_was_sent_by_an_open_session_lies_nowhere_in_clear(name, fields):
    admin = make_admin(email="admin@example.test")
    client = signed_in(admin, seconds_ago=0)
    page = reverse(name, args=[make_owner().pk] if "person" in name else [])
    typed = form_on(client, page).data() | {field: [SECRET] for field in fields}
    show_who_is_there(client, seconds_ago=LONG_AGO)

    response = client.post(page, typed)

    assert response["Location"].startswith(reverse("confirm-by-code"))
    assert not said_in(SECRET, Session.objects.get(pk=client.session.session_key).get_decoded())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM workflow_typed t")
        assert not any(SECRET in row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("name", ["counter:person-factors", "counter:person-address"])
def test_what_an_administrator_wrote_for_long_waits_on_its_page(name):
    client = signed_in(make_admin(email="admin@example.test"), seconds_ago=0)
    page = reverse(name, args=[make_owner().pk])
    typed = form_on(client, page).data() | {"reason": ["Puhelin katosi."], "identity": ["Tavattu."]}
    show_who_is_there(client, seconds_ago=LONG_AGO)
    door = client.post(page, typed)["Location"]
    client.post(door)

    back = client.post(door, {"code": code_in(delivered()[0].body)})

    assert back["Location"] == page
    html = client.get(page).content.decode()
    assert "What you wrote is here. It has not been sent yet." in html
    assert form_on(client, page).data()["reason"] == ["Puhelin katosi."]


def said_in(words, kept):
    """Whether ``words`` stand in what a session keeps, in whatever of allauth's wrappings."""
    wrapped = repr(kept)
    found = [wrapped, *(b64decode(part + "==").decode(errors="ignore")
                        for part in re.findall(r"[\w+/]{40,}", wrapped))]  # fmt: skip
    return any(words in text for text in found)


@pytest.mark.parametrize("has_factor", [True, False])
def test_a_code_from_the_mail_is_no_second_factor(has_factor):
    person = make_owner() if has_factor else make_person(email="")
    if has_factor:
        Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = signed_in(person)
    page = reverse("confirm-by-code")

    answers = [client.get(page), client.post(page), client.post(page, {"code": "AAAA-BBBB"})]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not Letter.objects.exists()


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
