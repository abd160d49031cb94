"""What makes our tests strict: GET may only SELECT, unordered querysets come shuffled."""

import random
import re

from django.db import connection
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
