"""Devices on which somebody has signed in before: no stranger's wrong guesses count there."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "luukku_device"
SECONDS = 180 * 24 * 3600
MOST_PEOPLE = 5  # who share a device


def known_device(request: HttpRequest, email: str) -> str:
    """Return the device's number if ``email`` has signed in on it, else nothing."""
    number, marks = _read(request)
    mine = _mark(number, email)
    return number if any(constant_time_compare(mark, mine) for mark in marks) else ""


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let this browser prove for half a year that ``email`` has signed in on it.

    The cookie is a random number and marks made with our key: it tells nobody who that was.
    """
    number, marks = _read(request)
    number = number or secrets.token_urlsafe(16)
    mine = _mark(number, email)
    marks = [*(mark for mark in marks if mark != mine), mine][-MOST_PEOPLE:]
    response.set_cookie(
        COOKIE,
        f"{number}:{'.'.join(marks)}",
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    number, _colon, marks = request.COOKIES.get(COOKIE, "").partition(":")
    return number[:40], marks.split(".")[:MOST_PEOPLE] if marks else []


def _mark(number: str, email: str) -> str:
    text = f"{number}:{email.lower()}"
    return salted_hmac("luukku.device", text, algorithm="sha256").hexdigest()
