"""What the database does by itself is what the files say: nothing more, nothing older."""

import re

import pytest
from django.db import DataError, ProgrammingError, connection

from luukku.matching import sql
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def installed():
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'matching\_%'"
            " UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            r" WHERE tgname LIKE 'matching\_%' AND NOT tgisinternal"
        )
        return sorted(row[0] for row in cursor.fetchall())


def test_installed_is_what_the_files_say():
    before = installed()

    with connection.schema_editor() as editor:
        sql.install(None, editor)

    assert installed() == before
    assert len(before) == len(re.findall(r"^CREATE (FUNCTION|TRIGGER)", sql.text(), re.MULTILINE))


def test_every_file_is_installed_and_all_can_be_taken_away():
    assert {path.stem for path in sql.HERE.glob("*.sql")} == set(sql.IN_ORDER)

    with connection.schema_editor() as editor:
        sql.remove(None, editor)

    assert installed() == []


def test_functions_may_be_newer_than_the_columns_while_a_database_with_experts_is_migrated():
    """A migration of before runs the files of today; the one that adds the column installs once more."""
    make_expert()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE matching_supply DROP COLUMN further_until CASCADE")

    with connection.schema_editor() as editor:
        sql.install(None, editor)

    assert len(installed()) > 0


def test_fault_in_the_functions_stops_the_migration(monkeypatch):
    make_expert()
    broken = sql.text().replace(
        "FUNCTION matching_rebuild() RETURNS", "FUNCTION matching_rebuild_not() RETURNS"
    )
    monkeypatch.setattr(
        sql,
        "text",
        lambda: (
            broken + "CREATE FUNCTION matching_rebuild() RETURNS int LANGUAGE sql AS 'SELECT 1/0';"
        ),
    )

    with pytest.raises(DataError), connection.schema_editor() as editor:
        sql.install(None, editor)


def test_a_fault_of_the_files_is_not_taken_for_a_column_to_come():
    class Editor:
        connection = connection

        def execute(self, statement, params=None):
            if statement.startswith("SELECT matching_rebuild"):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT * FROM (")

    with pytest.raises(ProgrammingError):
        sql.install(None, Editor())
