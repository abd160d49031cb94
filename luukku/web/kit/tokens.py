"""The token of one form as it was shown: random, and it tells whether it was shown to somebody, not to whom."""

from __future__ import annotations

import secrets
import uuid

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

FIELD = "form_token"
_HALF = 8  # bytes by chance, and as many that follow from them and from whom the form was shown to


def owner_of(request: HttpRequest) -> str:
    """Return whose the forms of this answer are: the account's, or what a page of one's own has noted."""
    noted = getattr(request, "form_owner", "")
    if noted:
        return noted
    user = getattr(request, "user", None)
    return f"user {user.pk}" if user is not None and user.is_authenticated else ""


def new_token(owner: str) -> uuid.UUID:
    """Return the token for a form that is shown to ``owner``."""
    chance = secrets.token_bytes(_HALF)
    return uuid.UUID(bytes=chance + _mark(chance, owner))


def is_of(token: uuid.UUID | None, owner: str) -> bool:
    """Return whether the form with this token was shown to ``owner``."""
    if token is None:
        return False
    return constant_time_compare(token.bytes[_HALF:], _mark(token.bytes[:_HALF], owner))


def token_in(request: HttpRequest) -> uuid.UUID | None:
    """Return the token that came with a form, if any."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _mark(chance: bytes, owner: str) -> bytes:
    return salted_hmac("luukku.form", f"{chance.hex()} {owner}", algorithm="sha256").digest()[
        :_HALF
    ]
