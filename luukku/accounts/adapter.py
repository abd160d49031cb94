"""How allauth meets our accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses in lower case, as ``User`` keeps them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "The password has been wrong too many times. Wait five minutes, or sign in with a code that we"
            " send to your e-mail."
        ),
        "too_many_letters": _(
            "We have sent several letters to this address within an hour. Look among spam, too, or wait an hour"
            " and try again."
        ),
    }

    def clean_email(self, email: str) -> str:
        """Return ``email`` as it is stored."""
        return super().clean_email(email).lower()
