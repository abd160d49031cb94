"""What was typed into a form that could not be taken: kept for its writer, given back when the page is opened.

The session had ended, or something in the form was wrong and its page was left.

The browser holds the key in a cookie, the form's token tells whom it had been shown to: only both together
open what was typed. It lies encrypted and is forgotten within the hour. ``docs/decisions/0010-forms.md``.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.refill import EMPTY, Filled, bare, refill
from luukku.web.kit.tokens import FIELD, is_of, owner_of, token_in
from luukku.workflow.actions import keep_typed
from luukku.workflow.models import TYPED_AGE, Typed

COOKIE = "typed"
MOST_CHARACTERS = 200_000  # more than all fields of any form hold together
MOST_AN_HOUR = 60
TOKENS = {"csrfmiddlewaretoken", FIELD}
_KEY = re.compile(r"[\w-]{43}", re.ASCII)


def posted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """Return everything that came with a form but its tokens, by name."""
    return sorted((name, values) for name, values in request.POST.lists() if name not in TOKENS)


def keep(request: HttpRequest, response: HttpResponse, *, page: str) -> bool:
    """Keep what came with the form until its writer comes to ``page`` again; ``response`` takes the key along.

    Returns whether it is kept.
    """
    token = token_in(request)
    if token is None or is_too_often(f"typed:{who(request)}", most=MOST_AN_HOUR):
        return False
    files = sorted(name for name, file in request.FILES.items() if file)
    body = json.dumps({"fields": posted(request), "files": files})
    if len(body) > MOST_CHARACTERS:
        return False
    key = _key(request) or secrets.token_urlsafe(32)
    keep_typed(
        body,
        key_mark=_mark(key),
        token=token,
        page=bare(page),
        action=bare(request.path),
        at=timezone.now(),
    )
    response.set_cookie(
        COOKIE,
        key,
        max_age=TYPED_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True


class TypedMiddleware:
    """Puts what was typed back into its form when its writer looks at the page again, until it has been sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; ask the database only for browsers that hold a key."""
        response = self.get_response(request)
        key = _key(request)
        if not key:
            return response
        mine = Typed.objects.filter(key_mark=_mark(key), at__gt=timezone.now() - TYPED_AGE)
        if request.method == "GET" and EMPTY not in request.GET and _is_page(response):
            for typed in mine.filter(page=bare(request.get_full_path())).order_by("at"):
                if is_of(typed.token, owner_of(request)):
                    body = json.loads(typed.body)
                    filled = Filled(typed.action, body["fields"], body["files"])
                    response.content = refill(response.content.decode(), filled, request)
        elif request.method == "POST" and getattr(request, "is_taken", False):
            sent = mine.filter(action=bare(request.path))
            sent.filter(pk__in=[t.pk for t in sent if is_of(t.token, owner_of(request))]).delete()
        return response


def _key(request: HttpRequest) -> str:
    key = request.COOKIES.get(COOKIE, "")
    return key if _KEY.fullmatch(key) else ""


def _mark(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _is_page(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
