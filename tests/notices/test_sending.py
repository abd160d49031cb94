"""How letters leave: at least once, never lost, one that fails holds up no other."""

import smtplib
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from luukku.core.times import helsinki, instant
from luukku.notices import tasks
from luukku.notices.actions import (
    hold_back,
    send_digests,
    send_outbox,
    sending,
    tell,
    tell_address,
)
from luukku.notices.actions.sending import MOST_ATTEMPTS, MOST_DIGEST_ATTEMPTS
from luukku.notices.models import HELD, Channel, Letter
from soak.house import free_port
from tests.factories.accounts import make_person
from tests.notices.kinds import CALENDAR, Duty, News, Quiet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


class Refusing(EmailBackend):
    """A mail server that objects as it is told to."""

    on_open = None
    objections: dict[str, Exception] = {}

    def open(self):
        if Refusing.on_open:
            raise Refusing.on_open

    def send_messages(self, messages):
        for message in messages:
            if error := Refusing.objections.get(message.to[0]):
                raise error
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.notices.test_sending.Refusing"
    monkeypatch.setattr(Refusing, "on_open", None)
    monkeypatch.setattr(Refusing, "objections", {})
    return Refusing


def refused(address, code):
    return smtplib.SMTPRecipientsRefused({address: (code, b"secret@example.test is unknown")})


# -- one letter ------------------------------------------------------------------------------------


def test_letter_leaves_as_text_and_html_in_the_readers_language(at, outbox):
    person = make_person(email="liisa@example.test", language="sv")
    letter = tell(News(7), to=person, at=at)

    counts = send_outbox(at=at + timedelta(minutes=1))

    assert counts == {"sent": 1, "failed": 0}
    letter.refresh_from_db()
    assert letter.sent_at == at + timedelta(minutes=1)
    [mail] = outbox
    assert (mail.to, mail.subject) == (["liisa@example.test"], "News 7 (sv)")
    assert (
        "First 7 (sv)\n\nTom & <b>Jerry</b>\n\nOpen (sv):\nhttp://testserver/sv/me/letters/\n"
        in mail.body
    )
    [(html, mimetype)] = mail.alternatives
    assert mimetype == "text/html"
    assert '<html lang="sv">' in html
    assert "<p>Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;</p>" in html
    assert 'href="http://testserver/sv/me/letters/"' in html
    assert "<h2" not in html
    assert mail.attachments == []


def test_headers_of_a_letter_that_may_be_turned_off(at, outbox):
    letter = tell(News(), to=make_person(language="fi"), at=at)

    send_outbox(at=at + timedelta(days=3))

    message = outbox[0].message()
    assert message["Message-ID"] == letter.message_id
    assert parsedate_to_datetime(message["Date"]) == at + timedelta(days=3)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].startswith("<http://testserver/fi/l/stop/test.news/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "http://testserver/fi/me/notices/" in outbox[0].body


@pytest.mark.parametrize(
    "write",
    [
        lambda at: tell(Duty(), to=make_person(), at=at),
        lambda at: tell_address(News(), "guest@example.test", language="fi", at=at),
    ],
)
def test_letter_that_must_be_known_or_has_no_account_offers_no_way_out(at, outbox, write):
    write(at)

    send_outbox(at=at)

    assert outbox[0].message()["List-Unsubscribe"] is None
    assert "/me/notices/" not in outbox[0].body


def test_letter_of_a_kind_that_is_no_more_still_leaves(at, outbox):
    letter = tell(News(), to=make_person(), at=at)
    Letter.objects.filter(pk=letter.pk).update(kind="test.gone")

    assert send_outbox(at=at) == {"sent": 1, "failed": 0}
    assert outbox[0].message()["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "text, method",
    [
        (CALENDAR.format(method="REQUEST"), "REQUEST"),
        (CALENDAR.format(method="CANCEL"), "CANCEL"),
        ("BEGIN:VCALENDAR\r\nSUMMARY:METHOD:CANCEL\r\nEND:VCALENDAR\r\n", None),
    ],
)
def test_calendar_is_attached_with_its_method(at, outbox, text, method):
    tell(News(1, calendar=text), to=make_person(), at=at)

    send_outbox(at=at)

    part = list(message_from_bytes(outbox[0].message().as_bytes(), policy=policy.default).walk())[
        -1
    ]
    assert (part.get_content_type(), part["Content-Type"].params.get("method")) == (
        "text/calendar",
        method,
    )
    assert part.get_filename() == "kokemusluukku.ics"
    assert part.get_content().replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_letter_follows_its_reader_to_a_new_address(at, outbox):
    person = make_person(email="old@example.test")
    tell(News(), to=person, at=at)
    person.email = "new@example.test"
    person.save()

    send_outbox(at=at)

    assert outbox[0].to == ["new@example.test"]


def test_letter_to_somebody_who_gave_up_their_address_goes_to_the_counter(at, outbox):
    person = make_person()
    letter = tell(Duty(), to=person, at=at)
    person.email = None
    person.save()

    assert send_outbox(at=at) == {"sent": 0, "failed": 1}
    letter.refresh_from_db()
    assert (letter.channel, letter.sent_at, letter.last_error) == (Channel.PAPER, None, "NoAddress")
    assert outbox == []


def test_letters_leave_in_the_order_of_their_time(at, outbox):
    person = make_person()
    for number, minutes in ((1, 3), (2, 1), (3, 2)):
        tell(News(number), to=person, at=at, not_before_at=at + timedelta(minutes=minutes))

    send_outbox(at=at + timedelta(minutes=2))
    assert [mail.subject for mail in outbox] == ["News 2 (fi)", "News 3 (fi)"]

    send_outbox(at=at + timedelta(minutes=3))
    assert [mail.subject for mail in outbox][2:] == ["News 1 (fi)"]


def test_only_mail_is_sent_and_only_once(at, outbox):
    tell(News(), to=make_person(), at=at)
    tell(Quiet(), to=make_person(), at=at)
    tell(Duty(), to=make_person(email=""), at=at)
    tell(News(), to=make_person(email=""), at=at)

    assert send_outbox(at=at) == {"sent": 1, "failed": 0}
    assert send_outbox(at=at + timedelta(days=1)) == {"sent": 0, "failed": 0}
    assert len(outbox) == 1


# -- what goes wrong -----------------------------------------------------------------------------------


def test_letter_that_fails_holds_up_no_other_and_is_tried_again_later(at, outbox, server):
    tell(News(1), to=make_person(email="bad@example.test"), at=at)
    tell(News(2), to=make_person(email="good@example.test"), at=at)
    server.objections = {"bad@example.test": ValueError("bad@example.test has a bad header")}

    assert send_outbox(at=at) == {"sent": 1, "failed": 1}

    assert [mail.to for mail in outbox] == [["good@example.test"]]
    letter = Letter.objects.get(sent_at=None)
    assert (letter.attempts, letter.last_error, letter.channel) == (0, "ValueError", Channel.MAIL)
    assert letter.retry_at == at + timedelta(minutes=2)
    assert send_outbox(at=at + timedelta(minutes=1)) == {"sent": 0, "failed": 0}
    server.objections = {}
    assert send_outbox(at=at + timedelta(minutes=2)) == {"sent": 1, "failed": 0}
    assert outbox[1].message()["Message-ID"] == letter.message_id


@pytest.mark.parametrize(
    "error, last_error",
    [
        (refused("bad@example.test", 451), "SMTPRecipientsRefused 451"),
        (smtplib.SMTPDataError(554, b"bad@example.test: no"), "SMTPDataError 554"),
        (smtplib.SMTPServerDisconnected("bad@example.test"), "SMTPServerDisconnected"),
    ],
)
def test_errors_are_kept_without_the_address(at, server, caplog, error, last_error):
    tell(News(), to=make_person(email="bad@example.test"), at=at)
    server.objections = {"bad@example.test": error}

    send_outbox(at=at)

    letter = Letter.objects.get()
    assert (letter.last_error, letter.channel) == (last_error, Channel.MAIL)
    assert last_error in caplog.text
    assert "example.test" not in caplog.text


def test_address_that_does_not_exist_goes_to_the_counter_at_once(at, server):
    tell(Duty(), to=make_person(email="bad@example.test"), at=at)
    server.objections = {"bad@example.test": refused("bad@example.test", 550)}

    send_outbox(at=at)

    letter = Letter.objects.on_paper().get()
    assert letter.last_error == "SMTPRecipientsRefused 550"


def test_pauses_grow_until_the_counter_takes_over_from_a_server_that_takes_others(at, server):
    person, other = make_person(email="bad@example.test"), make_person()
    tell(Duty(), to=person, at=at)
    server.objections = {"bad@example.test": smtplib.SMTPDataError(451, b"later")}

    pauses, when = [], at
    for number in range(MOST_ATTEMPTS):
        assert Letter.objects.on_paper().count() == 0
        tell(News(number), to=other, at=when)
        send_outbox(at=when)
        following = Letter.objects.get(reader=person).retry_at
        pauses.append((following - when).total_seconds() / 60)
        when = following
    tell(News("last"), to=other, at=when)
    send_outbox(at=when)

    assert pauses[:6] == [2, 4, 8, 16, 30, 30]
    assert Letter.objects.on_paper().count() == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"disk full"),
        smtplib.SMTPDataError(554, b"5.7.1 no"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPSenderRefused(550, b"no", "luukku@example.test"),
        smtplib.SMTPRecipientsRefused({"a@example.test": (554, b"5.7.1 Relay access denied")}),
        smtplib.SMTPRecipientsRefused({"a@example.test": (550, b"5.7.1 not permitted")}),
        TimeoutError(),
    ],
)
@pytest.mark.slow
def test_server_that_takes_nothing_for_days_makes_no_letter_into_paper(at, outbox, server, error):
    people = [make_person(email=f"{name}@example.test") for name in "abc"]
    for person in people:
        tell(Duty(1), to=person, at=at)
        tell(Duty(2), to=person, at=at)
    server.objections = {person.email: error for person in people}

    for minutes in range(0, 3 * 24 * 60, 120):
        send_outbox(at=at + timedelta(minutes=minutes))
    server.objections = {}
    when = at + timedelta(days=3)
    send_outbox(at=when)
    send_outbox(at=when + timedelta(minutes=2))

    assert Letter.objects.on_paper().count() == 0
    assert Letter.objects.filter(sent_at=None).count() == 0
    assert len(outbox) == 6


def test_letter_that_the_server_stumbles_over_holds_up_no_other(at, outbox, server):
    tell(Duty(1), to=make_person(email="bad@example.test"), at=at)
    tell(Duty(2), to=make_person(email="good@example.test"), at=at)
    server.objections = {"bad@example.test": smtplib.SMTPServerDisconnected("gone")}

    for minutes in range(4):
        send_outbox(at=at + timedelta(minutes=minutes))

    assert [mail.to for mail in outbox] == [["good@example.test"]]


def test_server_that_is_away_costs_no_letter_anything(at, outbox, server):
    for number in range(5):
        tell(News(number), to=make_person(), at=at)
    server.on_open = ConnectionRefusedError()

    for minutes in range(60):
        assert send_outbox(at=at + timedelta(minutes=minutes)) == {"sent": 0, "failed": 1}
    assert set(Letter.objects.values_list("attempts", "retry_at")) == {(0, None)}
    assert Letter.objects.exclude(last_error="").get().last_error == "ConnectionRefusedError"
    server.on_open = None
    assert send_outbox(at=at + timedelta(hours=1)) == {"sent": 5, "failed": 0}
    assert len(outbox) == 5


class Killed(BaseException):
    """Nothing in the program catches this, as nothing catches a SIGKILL."""


def test_worker_killed_before_the_mail_leaves_the_letter_for_the_next(at, outbox, server):
    first = tell(Duty(1), to=make_person(email="a@example.test"), at=at)
    second = tell(Duty(2), to=make_person(email="b@example.test"), at=at)
    server.objections = {"b@example.test": Killed()}
    with pytest.raises(Killed):
        send_outbox(at=at)
    assert [mail.message()["Message-ID"] for mail in outbox] == [first.message_id]
    second.refresh_from_db()
    assert (second.sent_at, second.attempts) == (None, 0)
    server.objections = {}

    assert send_outbox(at=at) == {"sent": 1, "failed": 0}

    assert [mail.message()["Message-ID"] for mail in outbox] == [
        first.message_id,
        second.message_id,
    ]


def test_worker_killed_after_the_mail_sends_it_again_under_the_same_id(at, outbox, monkeypatch):
    letter = tell(Duty(), to=make_person(), at=at)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending._Post, "send", die_after_sending)
        send_outbox(at=at)
    assert len(outbox) == 1

    assert send_outbox(at=at + timedelta(minutes=1)) == {"sent": 1, "failed": 0}

    assert [mail.message()["Message-ID"] for mail in outbox] == [letter.message_id] * 2


def die_after_sending(post, mail):
    post.connection.open()
    post.connection.send_messages([mail])
    raise Killed


def test_letter_that_is_overtaken_while_the_server_is_spoken_to_is_told_as_sent(
    at, outbox, monkeypatch
):
    letter = tell(Duty(), to=make_person(), at=at)
    send = sending._Post.send

    def send_while_it_is_overtaken(post, mail):
        Letter.objects.filter(pk=letter.pk).update(channel=Channel.DESK, sent_at=at)
        send(post, mail)

    monkeypatch.setattr(sending._Post, "send", send_while_it_is_overtaken)
    send_outbox(at=at)

    assert len(outbox) == 1
    letter.refresh_from_db()
    assert letter.channel == Channel.MAIL


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_letters(at, outbox):
    first = tell(News(1), to=make_person(), at=at)
    tell(News(2), to=make_person(), at=at)
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '3s'")  # waiting would be the fault
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(%s, hashtext(%s))", [sending.OUTBOX, first.lane]
            )

            assert send_outbox(at=at) == {"sent": 1, "failed": 0}

            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()

    assert [mail.subject for mail in outbox] == ["News 2 (fi)"]
    assert send_outbox(at=at) == {"sent": 1, "failed": 0}


@pytest.mark.django_db(transaction=True)
def test_letter_is_sent_only_after_the_commit(at, outbox):
    person, other = make_person(), connection.copy()
    with transaction.atomic():
        tell(News(), to=person, at=at)
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notices_letter")
            assert cursor.fetchone() == (0,)
    other.close()

    assert send_outbox(at=at) == {"sent": 1, "failed": 0}


# -- the daily mail ---------------------------------------------------------------------------------

MORNING = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)  # 8.00 in Helsinki


def test_digest_gathers_what_waits_into_one_mail_a_reader(outbox):
    liisa, matti = (
        make_person(email="liisa@example.test", language="fi"),
        make_person(email="m@example.test"),
    )
    tell(Quiet(1), to=liisa, at=MORNING - timedelta(hours=20))
    tell(Quiet(2), to=liisa, at=MORNING - timedelta(hours=1))
    tell(Quiet(3), to=matti, at=MORNING)
    tell(Quiet(4), to=matti, at=MORNING + timedelta(seconds=1))

    assert send_digests(at=MORNING + timedelta(minutes=10)) == 2

    mails = {mail.to[0]: mail for mail in outbox}
    assert sorted(mails) == ["liisa@example.test", "m@example.test"]
    body, [(html, _type)] = (
        mails["liisa@example.test"].body,
        mails["liisa@example.test"].alternatives,
    )
    assert body.index("News 1 (fi)") < body.index("First 1 (fi)") < body.index("News 2 (fi)")
    assert html.count("<h2") == 2
    message = mails["liisa@example.test"].message()
    assert "News" not in message["Subject"].replace("Your news", "")
    assert message["List-Unsubscribe"].startswith("<http://testserver/fi/l/stop/daily/")
    assert "News 4" not in mails["m@example.test"].body
    assert list(Letter.objects.filter(sent_at=None).values_list("subject", flat=True)) == [
        "News 4 (fi)"
    ]


def test_nobody_gets_two_daily_mails_a_day(outbox):
    person = make_person()
    tell(Quiet(1), to=person, at=MORNING - timedelta(hours=1))
    assert send_digests(at=MORNING - timedelta(seconds=1)) == 0
    assert send_digests(at=MORNING) == 1
    tell(Quiet(2), to=person, at=MORNING + timedelta(minutes=5))

    assert send_digests(at=MORNING + timedelta(minutes=15)) == 0
    assert send_digests(at=MORNING + timedelta(hours=23)) == 0
    assert send_digests(at=MORNING + timedelta(hours=24)) == 1
    assert len(outbox) == 2


def test_digest_that_could_not_leave_in_the_morning_leaves_by_day_and_not_at_night(outbox):
    tell(Quiet(1), to=make_person(), at=MORNING - timedelta(hours=1))

    assert send_digests(at=MORNING + timedelta(hours=12)) == 0  # 20.00
    assert send_digests(at=MORNING + timedelta(hours=11, minutes=59)) == 1


@pytest.mark.parametrize(
    "at, count",
    [
        (datetime(2026, 10, 25, 5, 59, tzinfo=UTC), 0),  # winter time began this night: 7.59
        (datetime(2026, 10, 25, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 4, 59, tzinfo=UTC), 0),  # summer time began this night: 7.59
        (datetime(2026, 3, 29, 5, 0, tzinfo=UTC), 1),
    ],
)
def test_digest_leaves_at_eight_also_when_the_clock_has_been_changed(at, count):
    tell(Quiet(1), to=make_person(), at=at - timedelta(hours=6))

    assert send_digests(at=at) == count


def test_digest_has_the_same_id_for_the_same_letters_only(outbox, monkeypatch):
    person = make_person()
    tell(Quiet(1), to=person, at=MORNING - timedelta(hours=1))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "digest_mail", die_after(sending.digest_mail, outbox))
        send_digests(at=MORNING)

    tell(Quiet(2), to=person, at=MORNING)
    next_day = MORNING + timedelta(days=1)
    assert [send_digests(at=next_day + timedelta(minutes=n)) for n in range(3)] == [1, 1, 0]

    ids = [mail.message()["Message-ID"] for mail in outbox]
    assert ids[0] == ids[1]
    assert ids[2] != ids[1]
    assert ids[0].endswith("@testserver>")


def die_after(make, outbox):
    def run(letters, **fields):
        outbox.append(make(letters, **fields))  # the server took it, and that was the end of us
        raise Killed

    return run


def test_digest_that_fails_is_tried_for_a_day_and_stays_on_the_desk(outbox, server, caplog):
    for address in ("bad@example.test", "good@example.test"):
        tell(Quiet(1), to=make_person(email=address), at=MORNING)
    server.objections = {"bad@example.test": refused("bad@example.test", 550)}

    assert send_digests(at=MORNING) == 1

    assert [mail.to for mail in outbox] == [["good@example.test"]]
    letter = Letter.objects.get(sent_at=None)
    assert (letter.attempts, letter.last_error) == (1, "SMTPRecipientsRefused 550")
    assert "example.test" not in caplog.text
    for _attempt in range(MOST_DIGEST_ATTEMPTS - 1):
        assert Letter.objects.filter(channel=Channel.DIGEST, sent_at=None).count() == 1
        send_digests(at=MORNING)
    letter.refresh_from_db()
    assert (letter.channel, letter.sent_at) == (Channel.DESK, MORNING)


def test_digest_waits_while_the_server_is_away(outbox, server, caplog):
    for number in range(3):
        tell(Quiet(number), to=make_person(), at=MORNING)
    server.on_open = ConnectionRefusedError()

    assert send_digests(at=MORNING) == 0

    assert set(Letter.objects.values_list("attempts", flat=True)) == {0}
    assert caplog.text.count("Digests not sent") == 1
    server.on_open = None
    assert send_digests(at=MORNING) == 3


@pytest.mark.slow
def test_daily_mail_that_the_server_stumbles_over_holds_up_nobody_elses(outbox, server):
    for name in ("bad", "worse", "good"):
        tell(Quiet(1), to=make_person(email=f"{name}@example.test"), at=MORNING)
    server.objections = {
        "bad@example.test": smtplib.SMTPServerDisconnected(),
        "worse@example.test": smtplib.SMTPRecipientsRefused({"x": (421, b"closing")}),
    }

    counts = [send_digests(at=MORNING + timedelta(minutes=15 * run)) for run in range(4)]

    assert (
        sum(counts) == 1
    )  # the run ends at the second; the next begins with who has not been tried
    assert [mail.to for mail in outbox] == [["good@example.test"]]
    waiting = Letter.objects.filter(sent_at=None)
    assert {letter.attempts for letter in waiting} <= {1, 2, 3}
    taken = tell(Duty(1), to=make_person(), at=MORNING)
    Letter.objects.filter(pk=taken.pk).update(sent_at=MORNING + timedelta(days=9))
    for _run in range(MOST_DIGEST_ATTEMPTS):
        send_digests(at=MORNING)
    daily = Letter.objects.filter(kind=Quiet.kind).exclude(sent_at=None).order_by("pk")
    assert [letter.channel for letter in daily] == [Channel.DESK, Channel.DESK, Channel.DIGEST]


@pytest.mark.slow
def test_server_that_hangs_up_on_every_daily_mail_makes_none_into_a_letter_of_the_desk(
    outbox, server
):
    for number in range(3):
        address = f"person-{number}@example.test"
        tell(Quiet(number), to=make_person(email=address), at=MORNING)
        server.objections[address] = smtplib.SMTPServerDisconnected()

    for _run in range(2 * MOST_DIGEST_ATTEMPTS):
        assert send_digests(at=MORNING) == 0

    assert set(Letter.objects.values_list("attempts", "channel", "sent_at")) == {
        (0, Channel.DIGEST, None)
    }


def test_digest_of_somebody_who_gave_up_their_address_stays_on_the_desk(outbox):
    person = make_person()
    letter = tell(Quiet(1), to=person, at=MORNING)
    person.email = None
    person.save()

    assert send_digests(at=MORNING) == 0

    letter.refresh_from_db()
    assert (letter.channel, letter.sent_at) == (Channel.DESK, MORNING)
    assert outbox == []


def test_digest_that_another_worker_has_just_sent_is_not_sent_again(outbox):
    letter = tell(Quiet(1), to=make_person(), at=MORNING)
    waiting = Letter.objects.filter(channel=Channel.DIGEST, sent_at=None)
    Letter.objects.filter(pk=letter.pk).update(sent_at=MORNING)

    with sending._Post() as post:
        assert sending._send_digest(post, waiting, at=MORNING) is False

    assert outbox == []


# -- entry points, and a real server --------------------------------------------------------------------


@pytest.fixture
def noon(now, monkeypatch):
    """Let it be noon in Helsinki: daily mails leave by day only."""
    noon = instant(helsinki(now).date(), time(12))
    monkeypatch.setattr(timezone, "now", lambda: noon)
    return noon


def test_tasks_send_what_waits(noon, outbox):
    now = noon
    tell(News(), to=make_person(), at=now - timedelta(days=2))
    tell(Quiet(), to=make_person(), at=now - timedelta(days=2))

    assert tasks.send_waiting.func() == {"sent": 1, "failed": 0}
    assert tasks.send_digests.func() == 1
    assert len(outbox) == 2


def test_task_sends_on_past_letters_that_fail(noon, outbox, server):
    for number in range(3 * tasks.AT_A_TIME):
        address = f"person{number % 10}@dead.test" if number % 10 == 0 else f"p{number}@ok.test"
        tell_address(Duty(number), address, language="fi", at=noon)
    server.objections = {"person0@dead.test": refused("person0@dead.test", 452)}

    counts = tasks.send_waiting.func()

    assert (counts["sent"], len(outbox)) == (54, 54)


def test_task_ends_when_the_server_is_away(noon, outbox, server):
    for number in range(3 * tasks.AT_A_TIME):
        tell_address(Duty(number), f"p{number}@ok.test", language="fi", at=noon)
    server.on_open = ConnectionRefusedError()

    assert tasks.send_waiting.func() == {"sent": 0, "failed": 1}


def test_command_prints_one_json_document(noon, outbox, capsys, server):
    now = noon
    before = now - timedelta(days=2)
    tell(News(1), to=make_person(email="bad@example.test"), at=before)
    tell(News(2), to=make_person(), at=before)
    tell(Quiet(3), to=make_person(), at=before)
    tell(Duty(4), to=make_person(email=""), at=before)
    tell(News(5), to=make_person(email=""), at=before)
    tell(News(6), to=make_person(), at=before, not_before_at=now + timedelta(days=1))
    server.objections = {"bad@example.test": ValueError()}

    call_command("send_outbox")

    assert capsys.readouterr().out == (
        '{"sent": 1, "failed": 1, "digests": 1, "waiting": 2, "on_paper": 1}\n'
    )


def test_command_without_a_mail_server_fails_and_leaves_the_letters(now, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    letter = tell(News(1), to=make_person(), at=now - timedelta(days=2))

    with pytest.raises(CommandError, match=r"cannot be reached\. 1 letters wait"):
        call_command("send_outbox")

    letter.refresh_from_db()
    assert (letter.sent_at, letter.attempts, letter.last_error) == (None, 0, "")
    assert capsys.readouterr().out == (
        '{"sent": 0, "failed": 0, "digests": 0, "waiting": 1, "on_paper": 0}\n'
    )


def test_command_waits_for_what_is_held_back_for_seconds(now, outbox, monkeypatch, capsys, server):
    slept = []
    monkeypatch.setattr("luukku.notices.management.commands.send_outbox.sleep", slept.append)
    tell(
        News(1),
        to=make_person(),
        at=now,
        not_before_at=timezone.now() + HELD - timedelta(seconds=1),
    )

    call_command("send_outbox")

    assert '{"sent": 1, "failed": 0, "digests": 0, "waiting": 0' in capsys.readouterr().out
    assert [5 < seconds <= 9 for seconds in slept] == [True]


def test_command_with_nothing_to_send_asks_no_server(now, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    tell(News(1), to=make_person(), at=now, not_before_at=now + timedelta(days=1))

    call_command("send_outbox")

    assert '"waiting": 1' in capsys.readouterr().out


class Box:
    """A mailbox that keeps what a real SMTP conversation brought."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"


def test_letters_arrive_over_real_smtp(at, settings):
    box = Box()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(box, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    letter = tell(
        Duty(1, calendar=CALENDAR.format(method="REQUEST")),
        to=make_person(email="a@example.test"),
        at=at,
    )
    tell(News(2), to=make_person(email="nobody@example.test"), at=at)
    tell(News("ä€漢"), to=make_person(email="c@example.test", language="sv"), at=at)

    try:
        counts = send_outbox(at=at)
    finally:
        controller.stop()

    assert counts == {"sent": 2, "failed": 1}
    assert [recipients for recipients, _mail in box.mails] == [
        ["a@example.test"],
        ["c@example.test"],
    ]
    mail = box.mails[0][1]
    assert mail["Message-ID"] == letter.message_id
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert list(mail.walk())[-1].get_content().startswith("BEGIN:VCALENDAR\r\n")
    assert box.mails[1][1]["Subject"] == "News ä€漢 (sv)"
    assert Letter.objects.on_paper().get().last_error == "SMTPRecipientsRefused 550"
    assert send_outbox(at=at) == {"sent": 0, "failed": 0}


def test_server_that_is_not_there_is_said_to_be_unreachable(at, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    tell(News(1), to=make_person(), at=at)
    tell(News(2), to=make_person(), at=at)

    assert send_outbox(at=at) == {"sent": 0, "failed": 1}
    assert Letter.objects.filter(last_error="ConnectionRefusedError").count() == 1


# -- held back -------------------------------------------------------------------------------------


def test_letter_that_is_held_back_leaves_before_what_is_told_later(at, outbox, monkeypatch):
    """A reader's letters about one matter keep their order, whichever of them waits."""
    monkeypatch.setattr(Duty, "about", lambda _self: "matter-1")
    person, soon = make_person(), at + timedelta(seconds=2)
    tell(Duty(1), to=person, at=at)
    hold_back("matter-1", told_at=at, until=at + HELD)
    tell(Duty(2), to=person, at=soon)

    assert send_outbox(at=soon)["sent"] == 0
    assert send_outbox(at=at + HELD)["sent"] == 2
    assert [message.subject[:6] for message in outbox] == ["News 1", "News 2"]


def test_only_what_was_told_just_then_is_held_back(at, outbox, monkeypatch):
    monkeypatch.setattr(Duty, "about", lambda self: f"matter-{self.number}")
    person, other = make_person(), make_person()
    tell(Duty(1), to=person, at=at - timedelta(minutes=1))
    tell(Duty(2), to=other, at=at)
    later = tell(Duty(1), to=other, at=at, not_before_at=at + timedelta(days=1))

    hold_back("matter-1", told_at=at, until=at + HELD)

    assert send_outbox(at=at)["sent"] == 2
    later.refresh_from_db()
    assert later.not_before_at == at + timedelta(days=1)
