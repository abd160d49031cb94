"""Forms that arrive twice, and forms that arrive changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from luukku.core.clashes import is_clash, once_more
from luukku.web.kit.held import ask_again
from luukku.web.kit.redirects import SeeOther, is_answer
from luukku.web.kit.tokens import token_in
from luukku.web.kit.typed import posted
from luukku.workflow.models import Submission

# Tables of other apps: workflow_submission

STAMPS = {"shown"}  # when the form was shown: nothing that anybody typed


class OnceMiddleware:
    """The same form sent again gets the same answer and changes nothing; a changed one is a form of its own.

    A form is known by its token and by what stands in it: who goes back, corrects a word and sends again
    has sent something else. Its row is written in the transaction of the act itself: a second request
    with the same content waits for the first, then is sent where the first was sent, if it may come at all:
    whatever stands before a view (CSRF, a session that has ended) has been asked by then. An act that makes
    one more thing each time (``page(makes_one=True)``) asks before it takes a changed form. A form that met
    another one at the same moment (a deadlock, a row made or deleted meanwhile) is taken once more: it finds
    what the other one left, and is answered as if it had come later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a form once."""
        token = token_in(request) if request.method == "POST" else None
        if token is None:
            return self.get_response(request)
        return once_more(
            partial(self._answer, request, token), before=partial(self._forget, request)
        )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Keep a clash of two acts from being answered as a fault: the form is taken once more."""
        if not is_clash(error) or token_in(request) is None:
            return None
        request.clash = error
        return HttpResponse(status=503)  # nobody reads it

    @staticmethod
    def _forget(request: HttpRequest) -> None:
        """Make the request as it came: what the first try has read, said or remembered goes with it."""
        for file in chain.from_iterable(files for _name, files in request.FILES.lists()):
            file.seek(0)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = type(request.session)(key)
        request._messages = default_storage(request)
        for name in ("clash", "roles", "once", "taken_to", "is_taken"):
            request.__dict__.pop(name, None)

    def _answer(self, request: HttpRequest, token: uuid.UUID) -> HttpResponse:
        at = timezone.now()
        with transaction.atomic():
            mine = _digest(request)
            if not _is_first(request, token, mine, at=at):
                request.taken_to = Submission.objects.get(token=token, content=mine).location
                return self.get_response(request)
            request.once = token
            response = self.get_response(request)
            if hasattr(request, "clash"):
                raise request.clash
            own = Submission.objects.filter(token=token, content=mine)
            if is_answer(response):
                request.is_taken = True
                own.update(location=response["Location"])
            elif response.status_code in {403, 404, 405} or response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                own.delete()  # errors are shown, or one signs in first: the form may come again
            return response

    def process_view(
        self, request: HttpRequest, view: Callable, *_args: Any
    ) -> HttpResponse | None:
        """Send a form that was taken where it was sent before; ask whether a changed one is one more.

        It asks where each sending makes a thing of its own.
        """
        if hasattr(request, "taken_to"):
            return SeeOther(request.taken_to)
        token = getattr(request, "once", None)
        makes_one = getattr(getattr(view, "access", None), "makes_one", False)
        if token is None or not makes_one:
            return None
        earlier = (
            Submission.objects.filter(token=token, user=request.user.pk, path=_path(request))
            .exclude(content=_digest(request))
            .order_by("-at")
            .first()
        )
        return ask_again(request, earlier) if earlier is not None else None


def _path(request: HttpRequest) -> str:
    return request.path[:500]


def _digest(request: HttpRequest) -> str:
    """Return what tells this sending from others: who, where to, and everything that was typed or chosen."""
    files = [
        (name, file.name, file.size, sha256(file.read()).hexdigest())
        for name, many in sorted(request.FILES.lists())
        for file in many
        if file.seek(0) == 0
    ]
    for many in request.FILES.values():
        many.seek(0)
    content = [(name, values) for name, values in posted(request) if name not in STAMPS]
    said = (request.user.pk, request.get_full_path(), content, files)
    return sha256(repr(said).encode(errors="surrogatepass")).hexdigest()


def _is_first(request: HttpRequest, token: uuid.UUID, content: str, *, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_submission (token, content, user_id, path, location, at)"
            " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (token, content) DO NOTHING",
            [token, content, request.user.pk, _path(request), at],
        )
        return cursor.rowcount == 1
