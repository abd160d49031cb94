"""Acts that move the account or take data out ask once more who is there: an open session is not enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.web.kit.access import SIGNED_IN, page, sign_in_first
from luukku.web.kit.acts import status_of
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
from luukku.web.ui.forms import Form

CODE_KEY = "confirm_code"
CODE_SECONDS = 600
MOST_WRONG = 3


def is_fresh(request: HttpRequest) -> bool:
    """Return whether this session has shown within ``ACCOUNT_REAUTHENTICATION_TIMEOUT`` who is there."""
    records = get_authentication_records(request, request.user)
    since = records[-1]["at"] if records else 0
    return time.time() - since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def fresh(view: Callable) -> Callable:
    """Let the view be opened only by a fresh sign-in; what was sent waits on its page. Stands under ``page``."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


class FreshMiddleware:
    """Sends who must confirm first to do so, and from there to the page with the form; what was typed waits there.

    It stands within allauth's own middleware, which keeps the whole request in the session, in clear.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a view, ours or allauth's, that asks for a fresh sign-in."""
        if not isinstance(error, ReauthenticationRequired):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        return sign_in_first(request, ways[0]["url"] if ways else None)


def may_confirm_by_code(user: User) -> bool:
    """Return whether a code by mail is enough to show that it is ``user``: never in place of a second factor."""
    return bool(user.is_authenticated and user.email) and not is_mfa_enabled(user)


class CodeForm(Form):
    """The code from the letter."""

    code = forms.CharField(
        label=gettext_lazy("Code from the letter"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def by_code(request: Request) -> HttpResponse:
    """Confirm by a code from the mail, for people without a second factor.

    Raises:
        Http404: they have one, or no mail.
    """
    if not may_confirm_by_code(request.user):
        raise Http404
    waiting = request.session.get(CODE_KEY)
    form = CodeForm(request.POST if "code" in request.POST else None)
    here = f"{reverse('confirm-by-code')}?{request.GET.urlencode()}"
    if request.method == "POST" and "code" not in request.POST:
        if not Tries(request, "confirm", request.user.email, LETTERS).are_too_many():
            _send(request)
            return SeeOther(here)
        form = CodeForm({})
        form.errors.clear()
        form.add_error(None, get_adapter().validation_error("too_many_letters"))
    elif request.method == "POST" and form.is_valid():
        if _is_right(request, form.cleaned_data["code"]):
            record_authentication(request, request.user, method="code", reauthenticated=True)
            return resume_request(request) or SeeOther(reverse("account"))
        waiting = request.session.get(CODE_KEY)
        form.add_error(
            "code", _("The code is wrong or too old. Check each sign, or ask for a new one.")
        )
    return render(
        request,
        "parts/account/confirm_code.html",
        {"form": form, "is_sent": waiting is not None, "action": here},
        status=status_of(request),
    )


def _send(request: Request) -> None:
    code = get_adapter().generate_login_code()
    request.session[CODE_KEY] = {"mark": _mark(code), "at": time.time(), "wrong": 0}
    get_adapter().send_mail("account/email/confirm_code", request.user.email, {"code": code})


def _is_right(request: HttpRequest, code: str) -> bool:
    waiting = request.session.pop(CODE_KEY, None)
    if waiting is None or time.time() - waiting["at"] > CODE_SECONDS:
        return False
    if constant_time_compare(waiting["mark"], _mark(code)):
        return True
    if waiting["wrong"] + 1 < MOST_WRONG:
        request.session[CODE_KEY] = waiting | {"wrong": waiting["wrong"] + 1}
    return False


def _mark(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("luukku.confirm", plain, algorithm="sha256").hexdigest()
