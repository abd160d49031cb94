"""The second factor: its secrets lie encrypted, and whoever needs one keeps one."""

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken

from luukku.privacy.fields import cipher


class FactorAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of apps and recovery codes with the keys of personal texts."""

    def encrypt(self, text: str) -> str:
        """Return ``text`` as it is stored."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # kept before secrets were encrypted
            return encrypted_text
