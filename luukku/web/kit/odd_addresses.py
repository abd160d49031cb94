"""Addresses that no page of ours can mean: refused in a sentence before anything reads them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db.utils import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from modelsearch.backends.base import FieldError

log = logging.getLogger(__name__)
UNREADABLE = (TypeError, LookupError, FieldError, BadRequest, DataError)
LONGEST = 2000  # characters of a path


class OddAddressMiddleware:
    """Answers 400 to a path or a cookie with a NUL, which no database takes, and to a path without end.

    Odd values of parameters meet the views, and ours take them for what they are. Where a value reaches
    the database with a NUL all the same, or a view of the editor's falls over what it cannot read in an
    address, that is a bad request and no fault to be woken by.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or answer."""
        has_nul = any("\x00" in text for text in (request.path, *request.COOKIES.values()))
        if has_nul or len(request.path) > LONGEST:
            return _refused(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Take what cannot be read in an address for a bad request."""
        if request.method != "GET":
            return None
        is_theirs = request.path.startswith(("/cms/", "/documents/"))
        has_nul = any("\x00" in one for pair in request.GET.lists() for one in (pair[0], *pair[1]))
        is_odd = has_nul and isinstance(error, (ValueError, DataError))
        if is_theirs:
            is_odd |= isinstance(error, ValueError)
            is_odd |= bool(request.GET) and isinstance(error, UNREADABLE)
        if not is_odd:
            return None
        told = {
            "request": request,
            "status_code": 400,
        }  # by these the log leaves out keys and tokens
        log.warning("Bad address %s: %s", request.path, type(error).__name__, extra=told)
        return _refused(request)


def _refused(request: HttpRequest) -> HttpResponse:
    return render(None, "400.html", status=400)
