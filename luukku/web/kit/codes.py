"""The way of a code from the answer to a form to the page that shows it, once."""

import re
import secrets

from django.core.cache import cache

from luukku.privacy.fields import cipher

CODE_SECONDS = 900  # how long a code waits to be shown

_TICKET = re.compile(r"[\w-]{20,30}", re.ASCII)


def keep_code(code: str) -> str:
    """Keep ``code``, encrypted, until it is shown; return the ticket with which it is fetched once."""
    ticket = secrets.token_urlsafe(16)
    cache.set(f"code:{ticket}", cipher().encrypt(code.encode()).decode(), timeout=CODE_SECONDS)
    return ticket


def take_code(ticket: str) -> str:
    """Return the code that waits under ``ticket`` and forget it; nothing if it has been shown."""
    kept = cache.get(f"code:{ticket}") if _TICKET.fullmatch(ticket) else None
    if not kept:
        return ""
    cache.delete(f"code:{ticket}")
    return cipher().decrypt(kept.encode()).decode()
