"""How long a sign-in lasts while nothing is done: shorter at the counter, shortest on a shared computer."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from luukku.accounts.rules import opens_others
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request, is_signed_in

SHARED_KEY, SEEN_KEY = "is_shared", "seen_at"
NEXT_KEY = "after_code"  # where one was going when one made an account: allauth keeps it for real ones only
NOTE_EVERY = 60  # seconds between two notes of when the session was last used
WARN_SECONDS = 300


def idle_minutes(request: HttpRequest) -> int:
    """Return after how many minutes without a page the person is signed out."""
    if request.session.get(SHARED_KEY):
        return settings.LUUKKU_IDLE_MINUTES_SHARED
    if opens_others(request.user):
        return settings.LUUKKU_IDLE_MINUTES_STAFF
    return settings.LUUKKU_IDLE_MINUTES


class IdleMiddleware:
    """Ends a session that nobody has used for long; the page they come back to says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the clock, then hand the request on."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and is_signed_in(request):
            now = time.time()
            since = now - _seen_at(request)
            if since > idle_minutes(request) * 60:
                logout(request)
                messages.info(
                    request,
                    _(
                        "You have been signed out because nothing was done for a while. Sign in to go on."
                    ),
                )
            elif since > NOTE_EVERY:
                request.session[SEEN_KEY] = now
        return self.get_response(request)


def _seen_at(request: Request) -> float:
    """Return when the session was last used: at the latest note, else at the sign-in itself."""
    seen = request.session.get(SEEN_KEY, 0.0)
    signed_in = request.user.last_login
    return max(seen, signed_in.timestamp() if signed_in and not seen else 0.0)


def idle(request: HttpRequest) -> dict[str, object]:
    """Give every page of somebody signed in what to say about the end of the session; a context processor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    minutes = idle_minutes(request)
    hours, rest = divmod(minutes, 60)
    return {
        "idle_minutes": minutes,
        "idle_hours": 0 if rest else hours,
        "idle_seconds": minutes * 60,
        "idle_warn_seconds": min(WARN_SECONDS, minutes * 20),
    }


@page(SIGNED_IN, methods=("POST",))
def stay(request: Request) -> HttpResponse:
    """Go on: coming here was enough."""
    request.session[SEEN_KEY] = time.time()
    return see_other("desk")
