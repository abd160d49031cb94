"""Free text about people lies encrypted in the database; keys come from LUUKKU_FIELD_KEYS."""

import base64
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...], secret: str) -> MultiFernet:
    # Without keys of its own (development only: prod.py refuses) the key follows from SECRET_KEY.
    return MultiFernet(
        [Fernet(key) for key in keys]
        or [Fernet(base64.urlsafe_b64encode(sha256(f"field:{secret}".encode()).digest()))]
    )


def cipher() -> MultiFernet:
    """Return the cipher: the first key encrypts, every key decrypts."""
    return _cipher(tuple(settings.LUUKKU_FIELD_KEYS), settings.SECRET_KEY)


class EncryptedTextField(models.TextField):
    """Text that only this process can read. It cannot be searched or compared in the database."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Return what migrations write down; they have known the field by this path from the first one."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "luukku.privacy.fields.EncryptedTextField", args, kwargs

    def get_prep_value(self, value: str | None) -> str | None:
        """Return the text as it is stored."""
        value = super().get_prep_value(value)
        if not value:
            return value
        return cipher().encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        """Return the text as it was typed."""
        if not value:
            return value
        return cipher().decrypt(value.encode()).decode()
