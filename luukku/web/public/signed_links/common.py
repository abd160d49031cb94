"""What every page behind a signed link needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luukku.accounts.models import User
from luukku.accounts.queries import signed_for
from luukku.core.links import BadLink, Link
from luukku.orders.models import GuestSender

MAX_AGE = timedelta(days=120)
Waiting = Sequence[tuple[GuestSender, str]]  # each with the address where it is confirmed


def bad_link(request: HttpRequest, error: BadLink | None = None) -> HttpResponse:
    """Say that the link opens nothing, or no longer."""
    is_expired = error is not None and error.is_expired
    return render(
        request,
        "public/signed_links/bad.html",
        {"is_expired": is_expired},
        status=410 if is_expired else 404,
    )


def told_page(
    request: HttpRequest, title: str, text: str, *, waiting: Waiting = (), status: int = 200
) -> HttpResponse:
    """Render a page of a title and a sentence."""
    context = {"link_title": title, "text": text, "waiting": waiting}
    return render(request, "public/signed_links/told.html", context, status=status)


def person_of(link: Link) -> User | None:
    """Return the person the link was signed for, if their account is open."""
    return signed_for(link.person_id)
