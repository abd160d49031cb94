"""The form that asks for a sign-in code; apart from ``forms``, which allauth's own forms import."""

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.flows.manage_email import sync_user_email_address


class CodeForm(RequestLoginCodeForm):
    """Lets one code do: for people whom the counter or an order made, allauth does not know the address yet."""

    def clean_email(self) -> str:
        """Make the address known, unconfirmed; the code itself confirms it."""
        email = super().clean_email()
        if self._user is not None:
            sync_user_email_address(self._user)
        return email
