"""Where a page was before: the old address leads to it, for as long as nothing else lives there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware


class MovedMiddleware(RedirectMiddleware):
    """Leads from a page's old address to where it is now; a browser asks anew each time.

    The page may move back: a browser that kept the way would be sent to and fro for good.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> Any:
        """Lead on where there is no page, never back to where one is."""
        answer = super().process_response(request, response)
        if answer is response:
            return response
        if urlsplit(answer.headers["Location"]).path == request.path:
            return response
        answer.headers["Cache-Control"] = "no-cache"
        return answer
