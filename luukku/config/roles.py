"""Two roles of the database: the owner makes the tables, the application only works in them.

Whoever gets the application to run a statement of theirs can neither switch the audit's triggers off nor change
what they guard. What this does not do: ``docs/decisions/0012-two-roles.md``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from psycopg import sql

# Tables of other apps: audit_accesslog, audit_auditevent, audit_chainhead, search_document, search_documentname,
#   search_documentword

OWNER, APPLICATION = "luukku_owner", "luukku_app"  # in the embedded database and in tests
USUAL = "SELECT, INSERT, UPDATE, DELETE"
# What is written once and by nobody changed; ``audit_chainhead`` moves by the chain's own functions.
LESS = {
    "audit_auditevent": "SELECT, INSERT",
    "audit_accesslog": "SELECT, INSERT",
    "audit_chainhead": "SELECT",
    "django_migrations": "SELECT",
}
MORE = {"search_document", "search_documentword", "search_documentname"}  # counted anew when filled
CONNECTION = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run one statement."""

    def fetchall(self) -> list[Any]:
        """Return the rows."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Use the database as its owner; where no owner is known, as always."""
    if not settings.DATABASE_OWNER:
        yield
        return
    usual = {key: connection.settings_dict[key] for key in CONNECTION}
    connection.close()
    connection.settings_dict |= {
        key: settings.DATABASE_OWNER.get(key, "" if key != "OPTIONS" else {}) for key in CONNECTION
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= usual


def grant(cursor: Cursor, *, to: str) -> None:
    """Let the role ``to`` work in every table that there is, and no more; run by the tables' owner."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = {row[0] for row in cursor.fetchall()}
    _run(cursor, "GRANT USAGE ON SCHEMA public TO {to}", to=to)
    _run(cursor, f"GRANT {USUAL} ON ALL TABLES IN SCHEMA public TO {{to}}", to=to)
    _run(cursor, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}", to=to)
    for table in sorted(tables & LESS.keys()):
        _run(cursor, "REVOKE ALL ON {table} FROM {to}", to=to, table=table)
        _run(cursor, f"GRANT {LESS[table]} ON {{table}} TO {{to}}", to=to, table=table)
    for table in sorted(tables & MORE):
        _run(cursor, "GRANT MAINTAIN ON {table} TO {to}", to=to, table=table)


def _run(cursor: Cursor, statement: str, **names: str) -> None:
    quoted = {name: sql.Identifier(value) for name, value in names.items()}
    cursor.execute(sql.SQL(statement).format(**quoted).as_string(None))


# Tables, sequences and functions that stood under the one role of former times. What belongs to an extension
# or to a column of a table goes with that.
_FORMER = """
SELECT format('ALTER %s %s OWNER TO ', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
  WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.oid::regclass)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND pg_get_userbyid(c.relowner) <> %(owner)s AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO ', p.oid::regprocedure)
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) <> %(owner)s
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""


def make_roles(cursor: Cursor) -> None:
    """Have both roles in the embedded database; run by its superuser."""
    for role in (OWNER, APPLICATION):
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchall():
            _run(cursor, "CREATE ROLE {role} LOGIN", role=role)


def hand_over(cursor: Cursor) -> None:
    """Give everything in this database to the owner, and the application its rights; run by the superuser."""
    cursor.execute(_FORMER.replace("%s", "%%s"), {"owner": OWNER})
    for (statement,) in cursor.fetchall():
        _run(cursor, statement.replace("{", "{{").replace("}", "}}") + "{owner}", owner=OWNER)
    grant(cursor, to=APPLICATION)
