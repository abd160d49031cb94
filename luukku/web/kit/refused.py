"""A form that is shown again for what is wrong in it: its page can be left and come back to, nothing is lost.

``docs/decisions/0010-forms.md`` says how.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from luukku.web.kit.paths import is_page, page_with_form
from luukku.web.kit.tokens import owner_of
from luukku.web.kit.typed import keep


class RefusedFormMiddleware:
    """Keeps what was typed into a refused form until it is sent, and tells the page so.

    The browser then makes the page one that was looked at (``ui.js``): the back button shows it again, with
    what was typed, instead of asking to send it once more. Of a page that is nobody's own nothing is kept:
    whoever comes to the machine next must not find it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; keep what was typed if the form is shown again."""
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 422 or request.htmx:
            return response
        if owner_of(request) or getattr(request, "keeps_typed", False):
            path = request.get_full_path()
            page = path if is_page(request.path) else page_with_form(request)
            if keep(request, response, page=page):
                response.content = response.content.replace(b"<html ", b"<html data-kept ", 1)
        return response
