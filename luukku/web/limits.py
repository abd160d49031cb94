"""How often something may be done: counted in the cache, which every process shares."""

from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600


def is_too_often(what: str, *, most: int, seconds: int = HOUR) -> bool:
    """Count one more ``what``; return whether it has been done more than ``most`` times in the period."""
    key = f"limit:{what}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, timeout=seconds)
        return most < 1


def who(request: HttpRequest) -> str:
    """Return by whom we count: the account, else the address that the request came from."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{request.META.get('REMOTE_ADDR', '')}"
