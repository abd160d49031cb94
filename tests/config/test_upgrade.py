"""A database that was filled before this month's migrations is brought forward with everything in it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
def test_upgrade_keeps_and_fills_what_was_there(empty_database):
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
    assert (told["chain"], told["unmet"]) == (None, 1)
    assert told["supply"] == told["rebuilt"]
    assert len(told["supply"]) == 2  # any theme, and the one
