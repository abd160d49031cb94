"""Where a request came from: a proxy of ours is believed, nobody else."""

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


@lru_cache(maxsize=4)
def networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Return the networks of the proxies.

    Raises:
        ImproperlyConfigured: one of them is no address or network.
    """
    try:
        return tuple(ipaddress.ip_network(name.strip()) for name in names)
    except ValueError as error:
        raise ImproperlyConfigured(f"LUUKKU_TRUSTED_PROXIES: {error}") from error


class ProxyMiddleware:
    """Makes ``REMOTE_ADDR`` the address of the person, as far as proxies that we trust tell it.

    With ``LUUKKU_TRUSTED_PROXIES`` what others claim in ``X-Forwarded-…`` is dropped. Without it nobody is believed
    about an address; whoever sends ``X-Forwarded-Proto`` is, for somebody must take the TLS off in front of us.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the address, then hand the request on."""
        proxies = networks(tuple(settings.LUUKKU_TRUSTED_PROXIES))
        if not proxies:
            return self.get_response(request)
        near = _address(request.META.get("REMOTE_ADDR", ""))
        if near is not None and _is_among(near, proxies):
            hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            request.META["REMOTE_ADDR"] = str(_far_end(near, hops, proxies))
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)


def _far_end(near: Address, hops: list[str], proxies: Iterable[Network]) -> Address:
    """Return the last address that a trusted proxy vouches for: each proxy adds its caller at the end."""
    for hop in reversed(hops):
        told = _address(hop.strip())
        if told is None:
            return near
        near = told
        if not _is_among(near, proxies):
            return near
    return near


def _is_among(address: Address, proxies: Iterable[Network]) -> bool:
    return any(address in network for network in proxies)


def _address(text: str) -> Address | None:
    """Return the address in ``text``, with or without a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
