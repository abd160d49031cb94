"""While the database is away: words in the reader's language and 503, never a fault; the log stays short."""

import logging

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import translation

from luukku.config.away import is_away
from luukku.config.logs import Once
from luukku.web.kit.odd_addresses import OddAddressMiddleware
from tests.factories.accounts import make_person

TOKEN = "6a0c0c1e-6f0b-4a53-9d5e-3a1f3d6c2b11"
PAGES = ["/fi/", "/sv/calls/", "/en/counter/", "/fi/account/login/", "/cms/", "/fi/no-such-page/"]


@pytest.fixture
def gone(client, monkeypatch):
    """The client of somebody whose database has gone away."""
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32  # has been signed in

    def fail(_connection):
        try:
            raise psycopg.OperationalError("connection failed: the password is secret")
        except psycopg.OperationalError as error:
            raise OperationalError("gone") from error

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", fail)
    return client


@pytest.mark.parametrize(
    "error, expected",
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CrashShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.QueryCanceled(), False),
        (psycopg.errors.UniqueViolation(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_database_that_is_away_is_told_apart_from_faults(error, expected):
    assert is_away(error) is expected
    if error is not None:
        wrapped = DatabaseError()
        wrapped.__cause__ = error
        assert is_away(wrapped) is expected


@pytest.mark.parametrize("path", PAGES)
def test_page_says_in_words_that_the_database_is_away(gone, path):
    answer = gone.get(path)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_page_that_is_away_speaks_the_readers_language(gone, language):
    text = gone.get(f"/{language}/calls/").content.decode()

    with translation.override(language):
        words = translation.gettext("Back in a moment")
    assert f'<html lang="{language}">' in text
    assert f"<h1>{words}</h1>" in text


def test_form_that_met_the_outage_can_be_sent_again_from_the_answer(gone):
    answer = gone.post("/en/advice/", {"words": 'Where "to" <begin>?\nSoon.', "form_token": TOKEN})
    text = answer.content.decode()

    assert answer.status_code == 503
    assert '<form method="post">' in text
    assert (
        '<textarea name="words" hidden>\nWhere &quot;to&quot; &lt;begin&gt;?\nSoon.</textarea>'
        in text
    )
    assert f'<textarea name="form_token" hidden>\n{TOKEN}</textarea>' in text


def test_password_is_not_written_into_the_answer(gone):
    text = gone.post(
        "/en/account/login/", {"login": "a@b.example", "password": "rosebud-77"}
    ).content.decode()

    assert "rosebud-77" not in text
    assert "Go back to the form" in text


def test_outage_is_logged_once_a_minute_without_traceback(gone, logged):
    for _again in range(30):
        gone.get("/fi/calls/")

    lines = logged()
    assert len(lines) == 1
    assert "The database does not answer (OperationalError)." in lines[0]


def test_once_says_yes_again_after_its_time():
    again = Once(0)
    assert (again(), again()) == (True, True)
    once = Once(60)
    assert (once(), once()) == (True, False)


def test_fault_of_our_own_stays_500_and_is_logged_whole(client, monkeypatch, logged, db):
    client.raise_request_exception = False
    monkeypatch.setattr("luukku.config.views.MigrationExecutor", lambda _connection: 1 / 0)

    assert client.get("/health/ready").status_code == 500

    text = "\n".join(logged())
    assert "ERROR django.request Internal Server Error" in text
    assert "ZeroDivisionError" in text
    assert text.count("Traceback") == 1


def test_row_that_the_database_refused_is_not_quoted_in_the_log(logged, db):
    address = "aino@example.org"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE one (email text UNIQUE)")
        cursor.execute("INSERT INTO one VALUES (%s)", [address])
        try:
            cursor.execute("INSERT INTO one VALUES (%s)", [address])
        except DatabaseError:
            logging.getLogger("luukku").exception("It failed")

    text = "\n".join(logged())
    assert "duplicate key value violates unique constraint" in text
    assert "Traceback" in text
    assert "aino@" not in text


def test_row_of_many_lines_that_the_database_refused_is_not_quoted_either(logged, db):
    goal = "Ryhmä kokoontuu\n\nMatti Meikäläinen, puh 040\nCONTEXT: a word of theirs"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE two (id int CHECK (id > 0), goal text)")
    try:
        try:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO two VALUES (0, %s)", [goal])
        except DatabaseError as error:
            raise ValueError("It cannot be kept.") from error
    except ValueError:
        logging.getLogger("luukku").exception("It failed")

    text = "\n".join(logged())
    assert "violates check constraint" in text
    assert "It cannot be kept." in text
    assert text.count("Traceback") == 3  # psycopg's, Django's, ours
    for word in ("Ryhmä", "Matti", "theirs"):
        assert word not in text


@pytest.mark.parametrize("path", ["/fi/l/task/secrettoken/", "/fi/calendar/secrettoken.ics"])
def test_key_in_an_odd_address_is_not_logged(rf, logged, path):
    error = ValueError("A string literal cannot contain NUL: secrettoken")

    answer = OddAddressMiddleware(None).process_exception(rf.get(f"{path}?x=%00"), error)

    assert answer.status_code == 400
    [line] = logged()
    assert "Bad address /fi/" in line
    assert "ValueError" in line
    assert "secrettoken" not in line


@pytest.mark.parametrize("end", ["%E2%80%9D", "%C2%A0", "%C3%A4", "%00", "%0A", "%22", ""])
@pytest.mark.parametrize("path", ["/fi/l/task/secrettoken/", "/fi/calendar/secrettoken.ics"])
def test_key_in_an_address_with_a_sign_too_many_is_not_logged(client, db, logged, path, end):
    status = client.get(f"{path}{end}", follow=True).status_code

    assert 400 <= status < 500
    assert logged()
    assert "secrettoken" not in "".join(logged())


def test_cookie_with_a_nul_is_a_bad_request_on_every_page(client, db, logged):
    client.cookies["sessionid"] = "\x00abcdefghijk"

    pages = [client.get(path) for path in ("/fi/", "/fi/me/", "/fi/account/login/")]

    assert [page.status_code for page in pages] == [400, 400, 400]
    assert "Traceback" not in "".join(logged())


def test_ordinary_refusals_take_one_line_without_keys_or_tokens(client, db, logged):
    client.force_login(make_person())
    assert client.get("/fi/counter/people/").status_code == 403
    assert client.get("/fi/calendar/fdb0c9a1secrettoken.ics").status_code == 404
    assert client.get("/fi/orderer/orders/987654321/").status_code == 403
    assert client.get("/fi/no/such/987654321/secrettoken/").status_code == 404

    lines = logged()
    text = "\n".join(lines)
    assert len(lines) <= 4
    assert "Traceback" not in text
    assert "987654321" not in text
    assert "secrettoken" not in text
    assert "Forbidden" in text


def test_form_without_its_token_takes_one_line(client, db, logged):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/fi/advice/", {"words": "x"}).status_code == 403

    assert len(logged()) == 1
