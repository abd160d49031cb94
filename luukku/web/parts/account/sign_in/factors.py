"""Who opens other people's data signs in in two steps."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from luukku.accounts.models import User
from luukku.accounts.rules import opens_others
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.request import Request

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
OPEN = ("account_", "mfa_")  # allauth's own pages: signing out, taking a factor into use
ALSO_OPEN = {"second-factor", "confirm-by-code", "set_language", "stay"}


def lacks_factor(user: User) -> bool:
    """Return whether ``user`` must take a second factor into use before anything else."""
    return (
        settings.LUUKKU_SECOND_FACTOR
        and opens_others(user)
        and not is_mfa_enabled(user, types=FACTORS)
    )


class FactorMiddleware:
    """Sends who lacks a second factor to the page where one is taken into use, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: list, kwargs: dict
    ) -> HttpResponse | None:
        """Answer instead of the view, or let it answer."""
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if name.startswith(OPEN) or name in ALSO_OPEN:
            return None
        if request.user.is_authenticated and lacks_factor(request.user):
            response = HttpResponseRedirect(reverse("second-factor"))
            response.is_refusal = True  # the form has not been taken: it may come again
            return response
        return None


@page(SIGNED_IN)
def second_factor(request: Request) -> HttpResponse:
    """Tell what two-step sign-in is, how to begin, and what to do when the phone is lost."""
    has_one = is_mfa_enabled(request.user, types=FACTORS)
    return render(request, "parts/account/second_factor.html", {"has_one": has_one})
