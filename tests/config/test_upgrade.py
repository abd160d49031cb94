"""A database that was filled before this month's migrations is brought forward with everything in it.

It is brought there by Django alone, the tests' own database by our ``migrate``, which draws fewer models
(``luukku/config/sparing.py``): in the end both have the same tables.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 1, 10, tzinfo=UTC)  # as tests/config/upgrade.py says


@pytest.fixture
def empty_database(db):
    """The name of a database without tables; gone afterwards."""
    name = f"upgrade_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )
    yield name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def hour(day):
    start = (AT + timedelta(days=30 + day)).astimezone(UTC)
    return [start.isoformat(), (start + timedelta(hours=1)).isoformat()]


@pytest.mark.slow
def test_upgrade_keeps_and_fills_what_was_there_and_makes_the_same_tables(empty_database):
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.upgrade", empty_database],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["payments"] == {"agreed": "agreed", "unsaid": "open", "off": "", "draft": ""}
    assert told["answered_for"] == {"agreed": [hour(1)], "unsaid": [hour(3), hour(4)], "off": []}
    assert (told["people_read"], told["read_by"]) == ([1], [2, "profile"])
    assert told["letter"] == ["Salainen sana", "vanha:1"]
    assert "Salainen" not in told["stored"]
    (page,) = told["event_pages"]
    title, has_event, body = page.pop()
    assert (title, has_event) == ("Luonnos illasta", True)
    assert "https://meet.example.test/a?b=1&amp;c=2" in body
    assert page[:-1] == ["Ilta kirjastossa", "closed", "Neuvonta", "Pori, kirjasto", 1, 1]
    assert "https://meet.example.test/a?b=1&amp;c=2" in page[-1]
    assert (told["chain"], told["unmet"]) == (None, 1)
    assert told["supply"] == told["rebuilt"]
    assert len(told["supply"]) == 2  # any theme, and the one
    assert tables_of(empty_database) == tables_of(connection.settings_dict["NAME"])


TABLES = """
SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


def tables_of(database):
    """Return all that the tables of ``database`` consist of; the values of a condition come in no order."""
    with connection.cursor() as cursor:
        host = cursor.connection.info.host
    with psycopg.connect(host=host, user="postgres", dbname=database) as other:
        rows = other.execute(TABLES).fetchall()
    return {
        (table, name, *sorted(re.findall(r"[\w'.:]+", definition)))
        for table, name, definition in rows
    }
