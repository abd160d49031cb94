"""Letters at the door: no request waits for a mail server, no code stays behind or leaves late."""

import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from luukku.notices.actions import send_outbox, tell
from luukku.notices.models import Channel, Letter
from luukku.notices.queries import letters_of
from tests.factories.accounts import PASSWORD, make_coordinator, make_person
from tests.factories.mail import delivered, newest_code
from tests.notices.kinds import OURS, Duty
from tests.notices.servers import silent_server

pytestmark = pytest.mark.django_db
JOIN = {"email": "new@example.test", "name": "Aino Aalto", "password1": PASSWORD}
DOORS = {
    "account_signup": JOIN,
    "account_request_login_code": {"email": "aino@example.test"},
    "account_reset_password": {"email": "aino@example.test"},
}


@pytest.fixture(autouse=True)
def _finnish():
    with translation.override("fi"):
        yield


@pytest.fixture
def aino():
    return make_person(email="aino@example.test", password=PASSWORD)


@pytest.fixture
def late(monkeypatch):
    """A letter that should have left long ago."""
    from luukku.notices.notice import KINDS

    for kind, notice in OURS.items():
        monkeypatch.setitem(KINDS, kind, notice)
    return tell(Duty(), to=make_person(), at=timezone.now() - timedelta(minutes=6))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("server", ["closed", "silent"])
def test_door_answers_at_once_without_a_mail_server(client, settings, aino, door, server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with silent_server() as port:
        if server == "silent":
            settings.EMAIL_PORT = port
        began = time.monotonic()
        response = client.post(reverse(door), DOORS[door])

    assert response.status_code == 302
    assert time.monotonic() - began < 5
    assert Letter.objects.get(sent_at=None).is_secret


@pytest.mark.parametrize("door", DOORS)
def test_door_says_when_mail_is_late(client, aino, late, door):
    page = client.post(reverse(door), DOORS[door], follow=True).content.decode()

    assert "Sähköpostissamme on juuri nyt häiriö" in page


def test_door_says_nothing_of_it_otherwise(client, aino):
    page = client.post(
        reverse("account_request_login_code"), {"email": aino.email}, follow=True
    ).content.decode()

    assert "häiriössä" not in page


def test_counter_and_health_tell_that_mail_is_late(client, late):
    assert "mail_late_since" in client.get("/health/ready").json()
    client.force_login(make_coordinator())
    assert "Sähköposti ei ole lähtenyt" in client.get(reverse("counter:queue")).content.decode()

    Letter.objects.all().delete()

    assert client.get("/health/ready").json() == {"status": "ready"}
    assert "ei ole lähtenyt" not in client.get(reverse("counter:queue")).content.decode()


def test_code_is_first_in_line(client, aino):
    now = timezone.now()
    for number in range(3):
        Letter.objects.create(
            key=f"k{number}", kind="x.y", lane=f"k{number}", reader=aino, language="fi", subject="s",
            channel=Channel.MAIL, body="b", message_id=f"<{number}@x>", made_at=now, not_before_at=now,
        )  # fmt: skip
    client.post(reverse("account_request_login_code"), {"email": aino.email})

    assert delivered()[0].subject == "Kirjaudu Kokemusluukkuun"


def test_code_lies_encrypted_is_on_nobodys_page_and_gone_once_sent(client, aino):
    client.post(reverse("account_request_login_code"), {"email": aino.email})
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM notices_letter l")
        raw = cursor.fetchone()[0]
    assert not letters_of(aino, at=timezone.now()).exists()

    code = newest_code()

    assert code not in raw
    assert not Letter.objects.exists()


def test_code_whose_time_is_over_is_not_sent(client, aino):
    client.post(reverse("account_request_login_code"), {"email": aino.email})

    send_outbox(at=timezone.now() + timedelta(minutes=16))

    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_link_for_a_new_password_is_of_our_own_address(client, aino, settings):
    client.post(reverse("account_reset_password"), {"email": aino.email})

    [letter] = delivered()

    link = next(word for word in letter.body.split() if word.startswith("http"))
    assert link.startswith(settings.LUUKKU_BASE_URL + "/fi/account/password/reset/key/")
    page = client.get(link.removeprefix(settings.LUUKKU_BASE_URL), follow=True)
    assert b'name="password1"' in page.content
