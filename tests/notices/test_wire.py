"""What stands on the wire: whom to call, where an answer goes, bytes that any relay takes, servers that fail midway."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail

from luukku.notices.actions import send_outbox, tell
from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.notices.kinds import CALENDAR, Duty, News
from tests.notices.servers import dropping_server, silent_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


@pytest.fixture
def contact(settings):
    settings.LUUKKU_COUNTER_NAME = "Äänekosken luukku"
    settings.LUUKKU_COUNTER_PHONE = "02 123 4567"
    settings.LUUKKU_COUNTER_EMAIL = "luukku@example.test"
    settings.LUUKKU_COUNTER_HOURS = {"fi": "ma–pe 9–15"}
    return settings


def test_letter_tells_whom_to_call_and_an_answer_reaches_the_counter(at, contact):
    tell(Duty(), to=make_person(), at=at)

    send_outbox(at=at)

    message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert str(message["Reply-To"]) == "Äänekosken luukku <luukku@example.test>"
    assert "02 123 4567 (ma–pe 9–15)" in mail.outbox[0].body
    [(html, _type)] = mail.outbox[0].alternatives
    assert 'href="tel:021234567"' in html


def test_letter_without_the_counters_contact_promises_none(at, settings):
    settings.LUUKKU_COUNTER_PHONE = settings.LUUKKU_COUNTER_EMAIL = ""
    tell(Duty(), to=make_person(), at=at)

    send_outbox(at=at)

    assert mail.outbox[0].message()["Reply-To"] is None
    assert "Puhelin" not in mail.outbox[0].body


@pytest.mark.parametrize("calendar", ["", CALENDAR.format(method="REQUEST") + "X:ä\r\n" * 3])
def test_letter_is_seven_bit_and_its_lines_are_short(at, contact, monkeypatch, calendar):
    monkeypatch.setattr(News, "lines", lambda self: ["Ä" * 3000, "–"])
    tell(News(1, calendar=calendar), to=make_person(), at=at)

    send_outbox(at=at)

    raw = mail.outbox[0].message().as_bytes()
    assert raw.isascii()
    assert b"8bit" not in raw
    assert max(len(line) for line in raw.splitlines()) <= 998
    body = [
        p for p in message_from_bytes(raw, policy=policy.default).walk() if not p.is_multipart()
    ]
    assert "Ä" * 3000 in body[0].get_content()


def use(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.3


def test_silent_server_costs_the_letter_nothing(at, settings):
    letter = tell(Duty(), to=make_person(), at=at)
    with silent_server() as port:
        use(settings, port)

        assert send_outbox(at=at) == {"sent": 0, "failed": 1}

    letter.refresh_from_db()
    assert (letter.sent_at, letter.attempts, letter.retry_at, letter.channel) == (
        None, 0, None, "mail",
    )  # fmt: skip


@pytest.mark.parametrize("when", ["DATA", "."])
def test_server_that_hangs_up_gets_the_letter_again_under_its_name(at, settings, when):
    letter = tell(Duty(), to=make_person(), at=at)
    with dropping_server(when) as (port, came):
        use(settings, port)
        for minutes in range(3):
            send_outbox(at=at + timedelta(minutes=minutes))
    with dropping_server("NEVER") as (port, taken):
        use(settings, port)
        send_outbox(at=at + timedelta(minutes=10))

    letter.refresh_from_db()
    assert letter.sent_at == at + timedelta(minutes=10)
    ids = {line.strip() for line in came + taken if line.lower().startswith(b"message-id")}
    assert ids == {f"Message-ID: {letter.message_id}".encode()}
    assert Letter.objects.on_paper().count() == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_letter_that_a_silent_server_holds(at, settings):
    """While the server keeps silent no row is locked: the reader's page and other acts go on."""
    import threading

    from django.db import connection, transaction

    person = make_person()
    tell(Duty(), to=person, at=at)

    def send():
        send_outbox(at=at)
        connection.close()

    with silent_server() as port:
        use(settings, port)
        settings.EMAIL_TIMEOUT = 2
        sender = threading.Thread(target=send)
        sender.start()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                assert Letter.objects.unread(person, at).update(read_at=at) == 1
                assert sender.is_alive()
        finally:
            sender.join()
