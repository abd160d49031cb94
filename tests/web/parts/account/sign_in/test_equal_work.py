"""Neither an answer nor the time that it takes tells who has an account."""

import statistics
import time
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luukku.accounts.models import User
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.mail import delivered

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN, BY_CODE, CLOSED = (
    f"{name}@example.test" for name in ("known", "unknown", "by-code", "closed")
)
JOIN = {"name": "Aino Aalto", "password1": "uusi-koivunlehti-9"}


@pytest.fixture(autouse=True)
def people():
    for email, password, is_active in (
        (KNOWN, PASSWORD, True), (BY_CODE, "", True), (CLOSED, PASSWORD, False),
    ):  # fmt: skip
        person = make_person(email=email, password=password, is_active=is_active)
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)


@contextmanager
def counted(monkeypatch):
    """Count the passwords that are hashed, in whatever way."""
    counts, encode = [], MD5PasswordHasher.encode

    def counting(self, password, salt):
        counts.append(1)
        return encode(self, password, salt)

    with monkeypatch.context() as patch:
        patch.setattr(MD5PasswordHasher, "encode", counting)
        yield counts


FORMS = {
    "account_signup": lambda email: JOIN | {"email": email},
    "account_login": lambda email: {"login": email, "password": "väärä salasana"},
    "account_request_login_code": lambda email: {"email": email},
    "account_reset_password": lambda email: {"email": email},
    "public:feedback-door": lambda email: {"email": email},
}


@pytest.mark.parametrize("name", FORMS)
def test_every_address_gets_the_same_answer_after_the_same_work(name, monkeypatch):
    seen = set()
    for email in (KNOWN, BY_CODE, CLOSED, UNKNOWN):
        mail.outbox.clear()
        with counted(monkeypatch) as hashes:
            response = Client().post(reverse(name), FORMS[name](email))
        page = response.content.decode().replace(email, "") if response.status_code == 200 else ""
        words = page.split("<main")[-1].split("csrfmiddlewaretoken")[0]
        seen.add(
            (response.status_code, response.get("Location"), len(hashes), len(delivered()), words)
        )

    assert len(seen) == 1, seen


@pytest.mark.parametrize("name", ["public:feedback-door", "account_request_login_code"])
def test_asking_for_a_letter_asks_the_database_the_same(name):
    make_person(email="ordered@example.test")  # the counter or an order made the account
    counts = {}
    for email in (KNOWN, BY_CODE, "ordered@example.test", UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse(name), FORMS[name](email))
        counts[email] = len(queries)

    # A confirmed address spares allauth one look by a unique key.
    assert max(counts.values()) - min(counts.values()) <= 1, counts


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_every_address_takes_about_as_long(name, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = User.objects.get(email=KNOWN)
    user.set_password(PASSWORD)
    user.save()
    times = {KNOWN: [], UNKNOWN: []}
    for n in range(9):
        for email in times:
            address = email if email == KNOWN or name != "account_signup" else f"{n}-{email}"
            client = Client(REMOTE_ADDR=f"10.{n}.0.1")
            began = time.perf_counter()
            client.post(reverse(name), FORMS[name](address))
            times[email].append(time.perf_counter() - began)

    known, unknown = (statistics.median(times[email]) for email in (KNOWN, UNKNOWN))
    assert 0.5 < known / unknown < 2
