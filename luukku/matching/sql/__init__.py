"""What the database does for matching by itself: the files beside this one, each written in full.

A migration that changes one of them calls ``install``: everything is dropped and made anew, so what is
installed is what stands here, and a test holds it to that.
"""

from pathlib import Path

from django.db import ProgrammingError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg.errors import DatatypeMismatch, UndefinedColumn, UndefinedFunction, UndefinedTable

# Tables of other apps: experts_expert

# What a file meets that names a column, a table or a type of a later migration.
LATER = (DatatypeMismatch, UndefinedColumn, UndefinedFunction, UndefinedTable)
HERE = Path(__file__).parent
IN_ORDER = ("supply", "triggers", "calendar", "candidates", "calls")
DROP_ALL = r"""
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p
           WHERE p.proname LIKE 'matching\_%' AND p.pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', f);  -- its triggers go with it
  END LOOP;
END $$
"""


def text() -> str:
    """Return all of it."""
    return "\n".join((HERE / f"{name}.sql").read_text() for name in IN_ORDER)


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the database's functions and triggers those of the files, and its rows what they say."""
    remove(_apps, schema_editor)
    # A file may name a column that a later migration adds or makes another type of.
    schema_editor.execute("SET LOCAL check_function_bodies = off", params=None)
    schema_editor.execute(text(), params=None)
    schema_editor.execute("SET LOCAL check_function_bodies = on", params=None)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute(
                "SELECT matching_rebuild() WHERE EXISTS (SELECT 1 FROM experts_expert)", params=None
            )
    except ProgrammingError as error:
        if not isinstance(error.__cause__, LATER):
            raise  # else that later migration installs once more, and then the rows are made


def remove(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take all of it away."""
    schema_editor.execute(DROP_ALL, params=None)
