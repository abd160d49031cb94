"""How allauth meets our accounts."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses in lower case, as ``User`` keeps them."""

    def clean_email(self, email: str) -> str:
        """Return ``email`` as it is stored."""
        return super().clean_email(email).lower()
