"""The command line on a database without tables, in a process of its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ProgrammingError

from luukku.config import command_line
from tests import patience
from tests.config.conftest import environment

EMPTY = f"test_luukku_empty_{os.getpid()}"  # other workers make one, too


@pytest.fixture
def empty_database(django_db_blocker):
    """A database without any table, and its address."""
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {EMPTY}")
        cursor.execute(f"CREATE DATABASE {EMPTY}")
        yield environment()["DATABASE_URL"].replace(
            f"/{connection.settings_dict['NAME']}?", f"/{EMPTY}?"
        )
        cursor.execute(f"DROP DATABASE {EMPTY} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["match", "1"], ["send_outbox"]])
def test_command_without_tables_says_what_to_do(empty_database, command):
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.ROOT, env=environment(DATABASE_URL=empty_database),
        capture_output=True, text=True, timeout=patience.SECONDS,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.endswith("The database has not been set up. Run `make setup` first.\n")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.django_db
def test_fault_in_a_query_keeps_its_traceback(monkeypatch):
    def fails(_argv):
        raise ProgrammingError("a fault of ours")

    monkeypatch.setattr(command_line, "execute_from_command_line", fails)

    with pytest.raises(ProgrammingError, match="a fault of ours"):
        command_line.run(["manage.py", "match", "1"])
