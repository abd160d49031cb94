"""When the database is away for a moment: told apart from our own faults, and said in the reader's words."""

import psycopg
from django.db.utils import InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from luukku.core.counter import counter

RETRY_SECONDS = 5
# SQLSTATE: broken connections, a server that starts or stops, no connection left to give.
AWAY = ("08", "57P", "53300")
# What is not written into a page, not even one's own: it would lie in the browser's cache.
SECRET = ("password", "code", "secret")


def is_away(error: BaseException | None) -> bool:
    """Return whether ``error`` comes from a database that cannot be reached now."""
    while error is not None:
        if isinstance(error, InterfaceError | psycopg.InterfaceError):
            return True  # a connection that is closed already
        if isinstance(error, psycopg.OperationalError):
            return error.sqlstate is None or error.sqlstate.startswith(AWAY)
        error = error.__cause__ or error.__context__
    return False


def away(request: HttpRequest) -> HttpResponse:
    """Say that we are back in a moment, and let a form be sent again; asks the database for nothing."""
    language = translation.get_language_from_request(request, check_path=True)
    with translation.override(language):
        context = {
            "language": language,
            "method": request.method,
            "fields": _typed(request),
            "counter": counter(),
        }
        response = render(None, "503.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return what a form held, or None where it cannot be sent again from a page."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        is_whole = bool(fields) and not request.FILES
    except Exception:  # the form has never been read to its end
        return None
    if not is_whole or any(word in name for name, _value in fields for word in SECRET):
        return None
    return fields
