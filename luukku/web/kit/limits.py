"""How often something may be done: per person, form and address, counted where every process sees it."""

import ipaddress
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from luukku.workflow.actions import count_try

HOUR = 3600
HOME_PREFIX = 56  # bits of an IPv6 address: a household gets so many networks of its own


def is_too_often(what: str, *, most: int, seconds: int = HOUR) -> bool:
    """Count one more ``what``; return whether it has been done more than ``most`` times in the period."""
    return count_try(what, window=timedelta(seconds=seconds), at=timezone.now()) > most


def who(request: HttpRequest) -> str:
    """Return the key that attempts are counted by: the account, else the client's address."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """Return where the request came from; of an IPv6 address only what one household cannot change.

    ``config.proxies`` has seen to it that a trusted proxy's word is in it, and nobody else's.
    """
    told = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, HOME_PREFIX), strict=False))
