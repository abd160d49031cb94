"""allauth's forms, as we want them. Only allauth's views import this: its forms must be loaded first."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
from luukku.web.parts.account.sign_in.sessions import NEXT_KEY, SHARED_KEY


class SharedComputer(forms.Form):
    """Asks whose computer it is; ``declared`` fields come to the form that mixes this in."""

    is_shared = forms.BooleanField(
        label=_("This is a shared computer"),
        help_text=_(
            "You are then signed out when the browser is closed, and soon when nothing is done."
        ),
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """Note it in the session that the sign-in will go on with."""
        cleaned = super().clean()
        if self.cleaned_data.get("is_shared"):
            context.request.session[SHARED_KEY] = True
        else:
            context.request.session.pop(SHARED_KEY, None)
        return cleaned


class PasswordForm(SharedComputer, LoginForm):
    """Sign in by a password."""

    field_order = ("login", "password", "is_shared")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; on a shared computer until the browser is closed."""
        response = super().login(request, redirect_url)
        if request.session.get(SHARED_KEY):
            request.session.set_expiry(0)  # allauth has just made it last
        return response


class Counted:
    """A form that sends a letter to the address that somebody writes in it: a few an hour."""

    kind: str

    def clean_email(self) -> str:
        """Refuse an address that is written to too often.

        Raises:
            ValidationError: it is.
        """
        email = super().clean_email()
        if Tries(context.request, self.kind, email, LETTERS).are_too_many():
            raise get_adapter().validation_error("too_many_letters")
        return email


class CodeForm(Counted, SharedComputer, RequestLoginCodeForm):
    """Asks for a code; the answer takes the same work for every address."""

    kind = "code"


class CodeCameForm(ConfirmLoginCodeForm):
    """Lets one code do: for people whom the counter or an order made, allauth does not know the address yet."""

    def clean_code(self) -> str:
        """Make the address known once the code is right; the code itself confirms it."""
        code = super().clean_code()
        sync_user_email_address(context.request._login_stage.login.user)
        return code


class ResetForm(Counted, ResetPasswordForm):
    """Asks for a letter with which one chooses a new password."""

    kind = "reset"


class JoinForm(Counted, SignupForm):
    """Makes an account."""

    kind = "signup"

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or write to its owner: either way a password is hashed, which takes longest."""
        request.session[NEXT_KEY] = get_next_redirect_url(request) or ""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
