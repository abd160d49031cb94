"""Open pages made once for everybody who is not signed in, until something on them changes.

``docs/decisions/0007-shared-pages.md`` says why, and why nothing stale and nothing of anybody's is shown.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import get_language

from luukku.core.changes import Topic
from luukku.workflow.queries import change_token

AT_MOST = timedelta(minutes=5)
LONGEST_ADDRESS = 500
# Nobody can know or send these words: where they stand, each reader gets a token and a nonce of their own.
TOKEN_HERE, NONCE_HERE = (f"here-{secrets.token_hex(16)}" for _ in range(2))
# What the policy for scripts is changed by for one answer alone.
OWN_POLICY = ("_csp_update", "_csp_replace", "_csp_config", "_csp_exempt")


@dataclass(frozen=True)
class CachedPage:
    """A page as it was made, without what belongs to one reader."""

    body: bytes
    headers: dict[str, str]
    until: datetime


def cached_for_visitors(*topics: Topic, params: tuple[str, ...] = ()) -> Callable:
    """Keep the view's page for everybody who is not signed in, until ``topics`` change.

    The view may set ``fresh_until`` on its answer: it returns the instant at which time alone makes it
    another page, or None, and is asked only when the page is cached.
    A page that turns out to be somebody's own (a cookie, a message, a form that is sent once) is not cached.

    Args:
        topics: what the page shows, as the triggers of the migrations name it (``core.changes``).
        params: the parameters that the page depends on; with any other one it is made anew.

    Raises:
        ValueError: one of ``topics`` is no ``Topic``: nothing would note its changes.
    """
    topics = tuple(Topic(topic) for topic in topics)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_for_anybody(request, params):
                return view(request, *args, **kwargs)
            token = change_token(*topics)  # asked first: what is read after it can only be newer
            if token is None:
                return view(request, *args, **kwargs)
            name = _name(request, token)
            cached = caches["pages"].get(name)
            if cached is not None and timezone.now() < cached.until:
                response = HttpResponse(cached.body, headers=cached.headers)
            else:
                response = _made_for_all(view, request, *args, **kwargs)
                if _is_cacheable(request, response):
                    caches["pages"].set(name, _cached(response), AT_MOST.total_seconds())
            response.content = _for_reader(request, response.content)
            return response

        answer.topics = topics
        return answer

    return decorate


def csrf_placeholder(request: HttpRequest) -> dict[str, str]:
    """Put a placeholder for the form token into a page that is made for everybody; a context processor."""
    return {"csrf_token": TOKEN_HERE} if getattr(request, "is_made_for_all", False) else {}


def mark_personal(request: HttpRequest | None) -> None:
    """Mark the page as one that only this reader may get."""
    if request is not None:
        request.is_personal = True


def is_for_anybody(request: HttpRequest, params: tuple[str, ...] = ()) -> bool:
    """Return whether nothing is known of who asks, nor anything to be told to them."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and not request.user.is_authenticated
        and request.GET.keys() <= set(params)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _name(request: HttpRequest, token: str) -> str:
    told = (token, get_language(), bool(request.htmx), request.build_absolute_uri())
    return sha256(repr(told).encode()).hexdigest()


def _made_for_all(view: Callable, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    request.is_made_for_all = True
    try:
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    finally:
        request.is_made_for_all = False
    if request.csp_nonce:  # true once the page has used it
        nonce = str(request.csp_nonce).encode()
        response.content = response.content.replace(nonce, NONCE_HERE.encode())
    return response


def _is_cacheable(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and not request.session.modified
        and not request._messages.added_new
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # a real token has been given out
        and not getattr(request, "is_personal", False)
        and not any(hasattr(response, name) for name in OWN_POLICY)
    )


def _cached(response: HttpResponse) -> CachedPage:
    until = timezone.now() + AT_MOST
    changes_at = response.fresh_until() if hasattr(response, "fresh_until") else None
    return CachedPage(response.content, dict(response.headers), min(until, changes_at or until))


def _for_reader(request: HttpRequest, body: bytes) -> bytes:
    if TOKEN_HERE.encode() in body:
        body = body.replace(TOKEN_HERE.encode(), get_token(request).encode())
    if NONCE_HERE.encode() in body:
        body = body.replace(NONCE_HERE.encode(), str(request.csp_nonce).encode())
    return body
