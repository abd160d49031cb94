"""What is somebody's own leaves no copy: not in the browser, not on its disk, not on the way."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Parts of an address that name a thing, never a person: no signed link or calendar's key is among them.
OPEN = {"code", "name", "node", "path", "pk", "section"}
KEPT = ("ETag", "Expires", "Last-Modified")


class PrivateMiddleware:
    """Says ``no-store`` on every answer but those that anybody without an account gets alike.

    Thus a page that somebody has seen is gone with the sign-out, for the back button, too. What a view
    declares public by itself (pictures under names that never change) stays so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and let nothing personal be kept."""
        response = self.get_response(request)
        if "public" not in response.get("Cache-Control", "") and not is_open(request):
            response.headers["Cache-Control"] = "no-store"
            for name in KEPT:
                response.headers.pop(name, None)
        return response


def is_open(request: HttpRequest) -> bool:
    """Return whether the answer to ``request`` is the same for everybody who has no account."""
    user, session = getattr(request, "user", None), getattr(request, "session", None)
    if user is None or user.is_authenticated or (session is not None and not session.is_empty()):
        return False
    match = request.resolver_match
    if match is None:  # no such address: nothing of anybody
        return True
    access = getattr(match.func, "access", None)
    return access is not None and access.is_open and match.kwargs.keys() <= OPEN
