"""One entry for every answer: what of others it shows is written down before it leaves, or it does not leave."""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from luukku.audit.reading import NOBODY, note
from luukku.core.reading import Readings, collecting

# Answers that show nothing of what has been read: elsewhere, refused, not there, failed.
EMPTY = {301, 302, 303, 304, 403, 404, 405, 410}


class ReadingMiddleware:
    """Notes who is shown what of whom; inside ``OnceMiddleware``, in the transaction of the act itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note the reading first."""
        with collecting() as readings:
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                body = b"".join(response.streaming_content)  # read while we still look
                response = HttpResponse(
                    body, status=response.status_code, headers=dict(response.headers)
                )
        if readings.seen and response.status_code not in EMPTY and response.status_code < 500:
            note(
                readings, reader_id=_reader(request, readings), why=_why(request), at=timezone.now()
            )
        return response


def _reader(request: HttpRequest, readings: Readings) -> int:
    """Who is signed in; else for whom the link was signed; else nobody whom we know."""
    if request.user.is_authenticated:
        return request.user.pk
    return NOBODY if readings.reader_id is None else readings.reader_id


def _why(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:  # the editor's preview of a page
        return "preview"
    numbers = [str(value) for value in match.kwargs.values() if isinstance(value, int)]
    return " ".join([match.view_name, *numbers])
