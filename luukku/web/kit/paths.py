"""Addresses of ours: which are pages, which page stands above one, what of one may be logged."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve


def is_page(path: str) -> bool:
    """Return whether ``path`` is the address of a page of ours that can be looked at, as all of allauth's can."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    access = getattr(match.func, "access", None)
    if access is None:
        return match.func.__module__.startswith("allauth.")
    return "GET" in access.methods and match.url_name != "wagtail_serve"


def page_above(path: str) -> str:
    """Return the nearest address above ``path`` that is a page; the start page where there is none."""
    parts = path.strip("/").split("/")
    above = ("/" + "".join(f"{part}/" for part in parts[:n]) for n in range(len(parts) - 1, 0, -1))
    return next(filter(is_page, above), "/")


def page_with_form(request: HttpRequest) -> str:
    """Return where the form stands that has been sent, as the browser tells it; else where it was sent, or above.

    Of other sites' addresses nothing is taken.
    """
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and is_page(came.path):
        return f"{came.path}?{came.query}" if came.query else came.path
    return request.get_full_path() if is_page(request.path) else page_above(request.path)


HARMLESS = {"code", "node", "path"}  # parts of an address that name a page, never a person


def loggable_path(match: ResolverMatch | None, path: str) -> str:
    """Return as much of ``path`` as tells of no person: an open page's whole, of others only the room."""
    if match is None:
        return ""
    access = getattr(match.func, "access", None)
    is_open = match.url_name == "wagtail_serve" or (access is not None and access.is_open)
    if is_open and not match.args and match.kwargs.keys() <= HARMLESS:
        return path[:200]
    room = path.split("/")[1:3]
    return f"/{'/'.join(room)}/" if len(room) == 2 and all(room) else ""


def known_path(path: str) -> str:
    """Return ``path`` as ``loggable_path`` does if it is an address of ours, else nothing."""
    try:
        return loggable_path(resolve(path), path)
    except Resolver404:
        return ""
