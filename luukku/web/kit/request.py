"""Requests by what is known of who asks."""

from django.http import HttpRequest

from luukku.accounts.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in: ``kit.access.page`` lets no other through to a page that is not open."""

    user: User
