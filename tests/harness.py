"""What makes our tests strict: GET may only SELECT, unordered querysets come shuffled."""

import contextlib
import gc
import hashlib
import io
import random
import re
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import OperationalError, connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.db.models.query import QuerySet
from django_tasks_db.models import DBTaskResult
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from luukku.content.models import Video

# What a GET may write all the same: who looked at sensitive data, whose cards the search has shown, and the
# session's own row. The last is allauth's: its e-mail page notes the address of people whom the counter made.
# The last one counts how often a certificate's number is looked up: guesses come by GET.
ALLOWED_WRITES = (
    "audit_accesslog", "search_cardday", "django_session", "account_emailaddress", "workflow_tally",
)  # fmt: skip
_WRITES = re.compile(
    r"^\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|ALTER|CREATE|DROP)\s+\"?([\w.]+)", re.I
)


_role = threading.local()


def settle():
    """Have the database do now what it defers to the commit of a world that a module's tests share.

    Else each of them has it done anew when it ends: 0.1 seconds for a world, and 1.6 after some hundred tests.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class AsApplication:
    """Middleware of the tests: pages work in the database as the application does, not as the tests' owner."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with as_application():
            return self.get_response(request)


@contextlib.contextmanager
def as_application():
    """Have only the application's rights, past Django: nobody counts these statements."""
    _role.is_application = True
    _take_role(connection)
    try:
        yield
    finally:
        _role.is_application = False
        _take_role(connection)


def _take_role(connection, **_signal):
    raw = connection.connection
    if raw is None or raw.closed:
        return  # it takes its role when it opens
    role = "luukku_app" if getattr(_role, "is_application", False) else "NONE"
    with contextlib.suppress(
        psycopg.Error
    ):  # after a fault; what is rolled back takes the role with it
        raw.execute(f"SET ROLE {role}")


connection_created.connect(_take_role)


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
    "django_content_type", "django_migrations", "guidance_helpline",
)  # fmt: skip
# Columns of other tables that point to one of %s.
_REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname, a.attnotnull
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.confrelid = ANY(%s::regclass[])
  AND c.conrelid <> ALL(%s::regclass[]) ORDER BY 1, 2
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
    _shipped.update(
        {model: set(model.objects.values_list("pk", flat=True)) for model in _written()}
    )
    # A flush would make rights and content types anew, which are kept: some hundred queries after each test.
    flush.emit_post_migrate_signal = lambda *_args, **_options: None
    # Content types stay, too: asked once, whichever test comes first, so that queries can be counted.
    ContentType.objects.get_for_models(*apps.get_models())
    ContentTypeManager.clear_cache = lambda self: None


_shipped = {}  # the keys of pages, pictures and files that ship, by model


def _written():
    """Return the models of what people write into ``KEPT_TABLES``."""
    return (Page, Video, get_image_model(), get_document_model())


def take_away_written():
    """Delete each page, picture and file that a test has left: no flush takes them."""
    for model in _written():
        for one in model.objects.exclude(pk__in=_shipped[model]).order_by("-pk"):
            if model.objects.filter(pk=one.pk).exists():  # not gone with its parent
                one.delete()


def _flush(self, style, tables, **_options):
    """Return statements that empty those of ``tables`` in which there is something.

    A test writes into a dozen of a hundred. TRUNCATE would make a file anew for each table and each index;
    without triggers, which look for what points there, DELETE of a few rows is done at once.
    """
    take_away_written()
    with self.connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables
            )
        )
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute(_REFERENCES, [filled, list(tables)])
        told = cursor.fetchall()
    if not filled:
        return []
    return [
        "SET LOCAL session_replication_role = replica;",
        *(
            f'DELETE FROM "{table}" WHERE "{column}" IS NOT NULL;'
            if is_needed
            else f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" IS NOT NULL;'
            for table, column, is_needed in told
        ),
        *(f'DELETE FROM "{table}";' for table in filled),
    ]


@contextlib.contextmanager
def let_browsers_keep_static_files():
    """Have the tests' server say that style sheets, fonts and scripts last, as in earnest: not six more requests a page."""
    serve = StaticFilesHandlerMixin.serve

    def serve_to_keep(self, request):
        answer = serve(self, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandlerMixin, "serve", serve_to_keep)
        yield


# What the database of reference data is made from.
_MADE_FROM = (
    "requirements.txt", "luukku/*/migrations/*.py", "luukku/config/roles.py", "luukku/config/sparing.py",
    "luukku/*/data/**/*", "luukku/**/*.sql", "luukku/content/**/*.py", "luukku/search/**/*.py", "luukku/taxonomy/**/*.py",
)  # fmt: skip


TEMPLATES = "template_luukku_"
KEPT_TEMPLATES = 4  # of as many branches somebody goes back to the tests at once


def template_database():
    """Return the name of a database with tables and reference data, for tests to copy.

    There is one for each state of what it is made from; a state that was seen before is there at once. Migrating
    and loading take some 15 seconds; every worker copies the result in half a one.
    """
    name = f"{TEMPLATES}{_fingerprint()[:16]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATES]
        )  # the other worker waits
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'luukku_app'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE ROLE luukku_app LOGIN")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            half = f"half_{name}"
            cursor.execute(f'DROP DATABASE IF EXISTS "{half}"')
            cursor.execute(f'CREATE DATABASE "{half}"')
            _fill(half)
            cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS 'used {datetime.now(UTC)}'")
        drop_old_templates(cursor, TEMPLATES)
    return name


def drop_old_templates(cursor, prefix):
    """Keep the ``KEPT_TEMPLATES`` databases named ``prefix…`` that were used last; drop the others."""
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        " ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST OFFSET %s",
        [prefix, KEPT_TEMPLATES],
    )
    for (name,) in cursor.fetchall():
        with contextlib.suppress(OperationalError):  # somebody copies it now
            cursor.execute(f'DROP DATABASE "{name}"')


def _fingerprint():
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(path for glob in _MADE_FROM for path in root.glob(glob) if path.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


def _fill(name):
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    connection.close()
    gc.disable()  # drawing the models anew makes and leaves a lot: looking what goes takes a third of the time
    try:
        call_command("migrate", verbosity=0)
        call_command("load_reference", stdout=io.StringIO())
        DBTaskResult.objects.all().delete()  # the index of the editor's search: nobody searches here
    finally:
        gc.enable()
        connection.close()
        connection.settings_dict["NAME"] = usual


def seconds_by_room(reports):
    """Return the seconds that tests took with their set-up, by folder; of pages, by surface."""
    seconds = Counter()
    for report in reports:
        _tests, *parts = report.nodeid.partition("::")[0].split("/")
        room = parts[:2] if parts[0] == "web" and len(parts) > 2 else parts[:1]
        seconds["/".join(room)] += report.duration
    return seconds


# What a room may take of the 1,440 seconds that two cores have in 12 minutes, and what a room to come may; measured on
# a quiet machine. Where the time goes: docs/explanation/testing.md.
BUDGETS = {
    "web": 360, "web/counter": 100, "web/kit": 90, "web/parts": 60, "web/public": 40, "web/orderer": 25, "web/expert": 25,
    "web/ui": 8, "config": 150, "journeys": 70, "assignments": 45, "soak": 35, "matching": 30, "events": 30, "races": 25,
    "architecture": 25, "workbench": 25, "orders": 20, "content": 18, "notices": 12, "feedback": 12, "search": 12,
    "experts": 8, "guidance": 6, "taxonomy": 6, "accounts": 4, "audit": 4, "workflow": 4, "organisations": 3, "core": 2,
    "privacy": 1,
}  # fmt: skip
ROOM_TO_COME = 40


def over_budget(seconds):
    """Return "room taken of budget" of each room that took more than it may, the one furthest over first."""
    over = {room: taken - BUDGETS.get(room, ROOM_TO_COME) for room, taken in seconds.items()}
    return [
        f"{room} {seconds[room]:.0f} of {BUDGETS.get(room, ROOM_TO_COME)}"
        for room in sorted(over, key=over.get, reverse=True)
        if over[room] > 0
    ]


def end_other_sessions() -> None:
    """End what a browser's request or a thread has left connected: the database is about to go."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    with connection.cursor() as cursor:
        cursor.execute(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")
