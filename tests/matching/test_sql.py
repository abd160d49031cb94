"""What the database does by itself is what the files say: nothing more, nothing older."""

import re

import pytest
from django.db import connection

from luukku.matching import sql

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
