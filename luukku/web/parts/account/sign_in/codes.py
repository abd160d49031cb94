"""The pages where a code from a letter is typed: a new one can be asked for, and what went wrong is said.

allauth's views, where they say what is not true or leave somebody without a way on.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.stagekit import stash_login
from allauth.account.views import ConfirmEmailVerificationCodeView, ConfirmLoginCodeView, EmailView
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.parts.account.sign_in.fresh import fresh
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
from luukku.web.parts.account.sign_in.sessions import NEXT_KEY


class CodePage:
    """Sends a new code, equal work for every address; after the last wrong one leads to where one asks anew.

    Attributes:
        kind: whose tries are counted.
        here: the page's name; ``door``: where another address is written.
    """

    kind: str
    here: str
    door: str
    _process = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; say so where no code waits in this browser."""
        response = super().dispatch(request, *args, **kwargs)
        if self._process is None and not request.user.is_authenticated:
            messages.info(
                request,
                _(
                    "No code waits in this browser: it is too old, or you asked for it on another device. Write"
                    " your e-mail address, and we send a new one."
                ),
            )
            return self._anew()
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        """Add where another address is written."""
        return super().get_context_data(**kwargs) | {"another_url": self._with_next(self.door)}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show what is wrong, or why no code is waited for any more."""
        if form.has_error("code", "email_taken"):
            self._process.abort()
            messages.warning(
                self.request,
                _(
                    "Another account uses this address. If it is yours, sign in to it with this address, or ask"
                    " the counter to close the one that you do not need."
                ),
            )
            return self._anew()
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(
            self.request,
            _("The code was wrong three times and no longer works. Ask for a new one here."),
        )
        return self._anew()

    def _resend_form_valid(self, form: forms.Form) -> HttpResponse:
        if Tries(self.request, self.kind, self._process.state["email"], LETTERS).are_too_many():
            messages.warning(self.request, get_adapter().error_messages["too_many_letters"])
        else:
            self._send_again()
        return HttpResponseRedirect(self._with_next(self.here))

    def _send_again(self) -> None:
        """Let the new code be as good as its letter says: as long, with as many tries."""
        self._process.state |= {"at": time.time(), "failed_attempts": 0}
        if self.stage is not None:
            self.stage.login.initiated_at = time.time()
        self._process.generate_code()
        self._process.send()  # whom we do not know gets a letter, too
        self._process.persist()

    def _anew(self) -> HttpResponse:
        is_mine = self.request.user.is_authenticated
        name = "account_email" if is_mine else "account_request_login_code"
        return HttpResponseRedirect(reverse(name) if is_mine else self._with_next(name))

    def _with_next(self, name: str) -> str:
        to = self.get_next_url() or self.request.session.get(NEXT_KEY)
        return f"{reverse(name)}?{urlencode({'next': to})}" if to else reverse(name)


class LoginCode(CodePage, ConfirmLoginCodeView):
    """The code that signs in."""

    kind = "code"
    here, door = "account_confirm_login_code", "account_request_login_code"


class AddressCode(CodePage, ConfirmEmailVerificationCodeView):
    """The code that confirms an address: of a new account, or a new one of an old account."""

    kind = "signup"
    here, door = "account_email_verification_sent", "account_signup"

    def _send_again(self) -> None:
        super()._send_again()
        if self.stage is not None:
            stash_login(self.request, self.stage.login)


class Address(EmailView):
    """One's address, and the one that waits for its code."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave the change, or do what allauth does."""
        if "action_leave" in request.POST:
            if waiting := EmailVerificationProcess.resume(request):
                waiting.abort()
            return HttpResponseRedirect(reverse("account_email"))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        """Add the address whose code is waited for."""
        waiting = EmailVerificationProcess.resume(self.request)
        return super().get_context_data(**kwargs) | {"waiting": waiting.email if waiting else ""}


login_code = page(EVERYONE, methods=("GET", "POST"))(LoginCode.as_view())
address_code = page(EVERYONE, methods=("GET", "POST"))(AddressCode.as_view())
address = page(SIGNED_IN, methods=("GET", "POST"))(fresh(Address.as_view()))
