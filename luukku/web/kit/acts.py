"""One shape for acts: show a form, call one action, answer with the page, a kind refusal or the next page.

``docs/decisions/0027-acts-and-refusals.md`` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.web.kit.paths import page_above
from luukku.web.kit.redirects import SeeOther


def data_of(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a form; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def status_of(request: HttpRequest) -> int:
    """Return the status of a page that shows a form: 422 where the form came back with faults, else 200."""
    return 422 if request.method == "POST" else 200


def say_success(request: HttpRequest, words: str, *, at: datetime) -> None:
    """Say on the next page what was done."""
    messages.success(request, words)


def form_act(
    request: HttpRequest,
    act: Callable[..., object],
    *given: Any,
    to: HttpResponse | Callable[..., HttpResponse],
    form: BaseForm | None = None,
    page: Callable[[int], HttpResponse] | None = None,
    ready: Callable[[], object] | None = None,
    done: str | Callable[..., str] = "",
    back: HttpResponse | Callable[[Refused], HttpResponse] | None = None,
    by: User | None = None,
    say: Callable[..., None] = say_success,
    at_counter: bool = False,
) -> HttpResponse:
    """Show ``page`` until its form is sent and right; then call ``act`` and go on.

    ``act`` gets ``given``, what the form holds (``form.arguments()``), ``by`` and ``at``. What it refuses is said at
    the form where the refusal names a field of it, else on the page that follows.

    Args:
        to: the next page, or what makes it from the act's result.
        page: makes the page with the form, or with the question, for a status; without it the act is done at once.
        ready: raises ``Refused`` where there is nothing to act on any more; asked before the form is shown.
        done: what is said once it is done, or what makes it from the act's result.
        back: where a refusal leads, if not ``to``; never to the page that could not be opened.
        by: who acts, if not whoever is signed in.
        say: says ``done``, with ``at``.
        at_counter: refusals speak of others, not to whoever they concern.
    """
    is_sent = request.method == "POST"
    try:
        if ready is not None:
            ready()
        if page is not None and not (is_sent and (form is None or form.is_valid())):
            return page(422 if is_sent else 200)
        at, data = timezone.now(), {} if form is None else form.arguments()
        result = act(*given, **data, by=by or request.user, at=at)
    except Refused as refusal:
        words = refusal.told(at_counter=at_counter)
        if is_sent and page is not None and form is not None and refusal.field in form.fields:
            form.add_error(refusal.field, words)
            return page(422)
        if words:
            level = messages.INFO if refusal.is_news else messages.WARNING
            messages.add_message(request, level, words)
        after = to if back is None else back
        return _away_from(request, after(refusal) if callable(after) else after, to)
    if done:
        say(request, done(result) if callable(done) else done, at=at)
    return to(result) if callable(to) else to


def _away_from(
    request: HttpRequest, answer: HttpResponse, to: HttpResponse | Callable[..., HttpResponse]
) -> HttpResponse:
    """Return ``answer``, but another page where it leads to the page itself, which a browser would follow for ever."""
    if request.method == "POST" or not _leads_to(answer, request.path):
        return answer
    if callable(to) or _leads_to(to, request.path):
        return SeeOther(page_above(request.path))
    return to


def _leads_to(answer: HttpResponse, path: str) -> bool:
    return urlsplit(getattr(answer, "url", "")).path == path
