"""Requests by what is known of who asks."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from typing_extensions import TypeIs

from luukku.accounts.models import User


class Request(HttpRequest):
    """What ``kit.access.page`` lets through to a page that is not open to everyone: somebody is signed in."""

    user: User
    htmx: HtmxDetails


def is_signed_in(request: HttpRequest) -> TypeIs[Request]:
    """Return whether somebody is."""
    return request.user.is_authenticated
