"""The tests' own house: databases kept for each state of what they are made from, the sum of seconds."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import harness


@pytest.fixture
def databases(db, monkeypatch):
    """The cursor of the server and the names of more databases than are kept, the one used last first."""
    monkeypatch.setattr(harness, "KEPT_TEMPLATES", 1)
    prefix = f"try_{connection.settings_dict['NAME']}_"
    names = [f"{prefix}{n}" for n in range(3)]
    with connection._nodb_cursor() as cursor:
        for n, name in enumerate(names):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
            if name != names[-1]:  # as an earlier harness left it
                cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS 'used 2026-11-{28 - n}'")
        yield cursor, prefix, names
        for name in names:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.mark.slow
def test_of_the_templates_those_that_were_used_last_are_kept(databases):
    cursor, prefix, names = databases

    harness.drop_old_templates(cursor, prefix)

    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    assert sorted(name for (name,) in cursor.fetchall()) == names[:1]


@pytest.mark.django_db
def test_the_tests_work_in_a_copy_of_the_newest_template():
    name = connection.settings_dict["TEST"]["TEMPLATE"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            " ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST LIMIT 1",
            [harness.TEMPLATES],
        )
        assert cursor.fetchone() == (name,)


def test_seconds_are_told_by_room_and_of_pages_by_surface():
    reports = [
        SimpleNamespace(nodeid=f"tests/{path}::test_one", duration=seconds)
        for path, seconds in (
            ("orders/test_moves.py", 1.5), ("orders/test_queries.py", 2), ("web/test_seen.py", 3),
            ("web/public/test_search.py", 4),
        )
    ]  # fmt: skip

    told = harness.seconds_by_room(reports)

    assert told == {"orders": 3.5, "web": 3, "web/public": 4}


def test_rooms_over_their_budget_are_named_and_those_to_come_have_one(monkeypatch):
    monkeypatch.setattr(harness, "BUDGETS", {"orders": 20, "web": 500, "core": 5})
    monkeypatch.setattr(harness, "ROOM_TO_COME", 40)
    seconds = {"orders": 20, "web": 512.4, "core": 4, "plans": 60, "rates": 40}

    assert harness.over_budget(seconds) == ["plans 60 of 40", "web 512 of 500"]


def test_budgets_are_for_rooms_that_are_there_and_leave_time_for_those_to_come():
    """Twelve minutes on two cores; training, needs, rates and plans are to come."""
    tests = Path(harness.__file__).parent

    assert sum(harness.BUDGETS.values()) + 4 * harness.ROOM_TO_COME <= 2 * 12 * 60
    assert [room for room in harness.BUDGETS if not (tests / room).is_dir()] == []
