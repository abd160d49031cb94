"""What makes our tests strict: GET may only SELECT, unordered querysets come shuffled."""

import random
import re

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.query import QuerySet

# What a GET may write all the same: who looked at sensitive data, and the session's own row.
# The last is allauth's: its e-mail page notes the address of people whom the counter made.
ALLOWED_WRITES = ("audit_accesslog", "django_session", "account_emailaddress")
_WRITES = re.compile(
    r"^\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|ALTER|CREATE|DROP)\s+\"?([\w.]+)", re.I
)


class GetWrote(AssertionError):
    """A GET changed something: a mail scanner or a reload would have, too."""


class SelectOnly:
    """Middleware of the tests: during GET and HEAD, only the allowed tables may be written."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Wagtail's editor notes who is editing and makes thumbnails while it is looked at.
        is_editor = request.path.startswith("/cms/") or getattr(request, "is_dummy", False)
        if request.method not in {"GET", "HEAD"} or is_editor:
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)


def refuse_writes(execute, sql, params, many, context):
    match = _WRITES.match(sql)
    if match and match[2] not in ALLOWED_WRITES:
        raise GetWrote(f"GET wrote to {match[2]}: {sql[:200]}")
    return execute(sql, params, many, context)


def shuffle_unordered(monkeypatch, seed):
    """Hand out the rows of querysets without an order in an order that nobody can rely on."""
    chance = random.Random(seed)
    fetch = QuerySet._fetch_all

    def fetch_and_shuffle(self):
        is_new = self._result_cache is None
        fetch(self)
        if is_new and not self.ordered and not self.query.is_sliced and len(self._result_cache) > 1:
            chance.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_and_shuffle)


# Reference data outlive a flush between tests.
KEPT_TABLES = (
    "taxonomy_", "content_", "search_document", "wagtailcore_", "wagtaildocs_", "wagtailimages_", "auth_",
    "django_content_type", "django_migrations",
)  # fmt: skip
_REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname, a.attnotnull, c.confrelid::regclass::text
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


def keep_reference_data():
    """Let a flush leave ``KEPT_TABLES``; what they tell of people who go (who wrote a page) goes, too.

    On the classes: the browser's loop and other threads have connections of their own.
    """
    introspection = type(connection.introspection)
    names = introspection.django_table_names

    def without_reference(self, *args, **kwargs):
        return [name for name in names(self, *args, **kwargs) if not name.startswith(KEPT_TABLES)]

    introspection.django_table_names = without_reference
    DatabaseOperations.sql_flush = _flush


def _flush(self, style, tables, **_options):
    """Return statements that empty ``tables``: TRUNCATE but for those that a kept table points to."""
    with self.connection.cursor() as cursor:
        cursor.execute(_REFERENCES)
        references = cursor.fetchall()
    told = [row for row in references if row[0] not in tables and row[3] in tables]
    slow = {target for _table, _column, _is_needed, target in told}
    while more := {to for table, _c, _n, to in references if table in slow and to in tables} - slow:
        slow |= more
    quick = ", ".join(f'"{table}"' for table in tables if table not in slow)
    return [
        f"TRUNCATE {quick};",
        *(
            f'DELETE FROM "{table}" WHERE "{column}" IS NOT NULL;'
            if is_needed
            else f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" IS NOT NULL;'
            for table, column, is_needed, _target in told
        ),
        *(f'DELETE FROM "{table}";' for table in sorted(slow)),
    ]
