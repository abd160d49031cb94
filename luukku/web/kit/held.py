"""A form that is held until its writer says once more that it is to be sent; nothing typed is lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luukku.web.kit.refill import Filled
from luukku.web.kit.tokens import is_of, owner_of, token_in
from luukku.web.kit.typed import posted
from luukku.workflow.models import Submission


def ask_again(request: HttpRequest, earlier: Submission) -> HttpResponse:
    """Ask whether a form that was sent before, and now says something else, is to be sent as one more."""
    return _held(request, status=409, earlier=earlier)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Hold a form of ours whose tokens are from before its writer signed in; refuse every other."""
    token = token_in(request) if request.method == "POST" else None
    is_theirs = is_of(token, owner_of(request)) or is_of(token, "")
    if not is_theirs or not _is_from_here(request):
        return render(request, "403_form.html", status=403)
    return _held(request, status=403, earlier=None)


def _is_from_here(request: HttpRequest) -> bool:
    origin = urlsplit(request.headers.get("Origin", ""))
    ours = urlsplit(settings.LUUKKU_BASE_URL)
    return bool(origin.netloc) and origin.netloc in {request.get_host(), ours.netloc}


def _held(request: HttpRequest, *, status: int, earlier: Submission | None) -> HttpResponse:
    fields = posted(request)
    filled = Filled(request.path, fields, sorted(request.FILES))
    context = {
        "action": request.get_full_path(),
        "fields": [(name, value) for name, values in fields for value in values],
        "words": filled.words(),
        "files": filled.files,
        "earlier": earlier,
    }
    return render(request, "ui/held.html", context, status=status)
