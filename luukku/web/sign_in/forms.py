"""allauth's forms, as we want them. Only allauth's views import this: its forms must be loaded first."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm, SignupForm
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.core import context

from luukku.web.sign_in.limits import LETTERS, Tries


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


class CodeForm(Counted, RequestLoginCodeForm):
    """Lets one code do: for people whom the counter or an order made, allauth does not know the address yet."""

    kind = "code"

    def clean_email(self) -> str:
        """Make the address known, unconfirmed; the code itself confirms it."""
        email = super().clean_email()
        if self._user is not None:
            sync_user_email_address(self._user)
        return email


class ResetForm(Counted, ResetPasswordForm):
    """Asks for a letter with which one chooses a new password."""

    kind = "reset"


class JoinForm(Counted, SignupForm):
    """Makes an account."""

    kind = "signup"
