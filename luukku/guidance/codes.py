"""Codes with which somebody who asked anonymously comes back: easy to read aloud, kept only as a fingerprint."""

import secrets

from django.utils.crypto import salted_hmac

# No vowels (no words by chance), nothing that looks like something else: 57 bits in twelve signs.
SIGNS = "BCDFGHJKMNPQRSTVWXZ23456789"
GROUPS, GROUP = 3, 4


def new_code() -> str:
    """Return a code that nobody can guess, such as ``K7WD-2QXN-HT9C``."""
    return "-".join(
        "".join(secrets.choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS)
    )


def fingerprint(code: str) -> str:
    """Return what the database knows of ``code``, however it was typed: it follows from ``SECRET_KEY``."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("luukku.guidance.code", signs, algorithm="sha256").hexdigest()
