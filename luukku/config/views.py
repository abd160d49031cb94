"""Addresses that belong to no surface: health, the way to one's desk, error pages."""

import sys
from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_path, override
from django.views.i18n import set_language

from luukku.config.away import away, is_away
from luukku.core.counter import counter
from luukku.notices.queries import mail_late_since
from luukku.web.kit.access import EVERYONE, SIGNED_IN, NotYourDesk, page
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.kit.roles import Roles


@page(EVERYONE)
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@page(EVERYONE)
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration; 503 when not."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return JsonResponse({"status": "no database"}, status=503)
    if waiting:
        return JsonResponse({"status": "migrations waiting", "waiting": waiting}, status=503)
    late = mail_late_since(at=timezone.now())
    return JsonResponse({"status": "ready"} | ({"mail_late_since": late} if late else {}))


# What an answer without a page needs; SecurityMiddleware adds the rest.
BARE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


class HealthMiddleware:
    """Answers the health pages before anything asks for the host's name: probes come by number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or hand the request on."""
        view = {"/health/live": live, "/health/ready": ready}.get(request.path)
        if view is None:
            return self.get_response(request)
        response = view(request)
        for name, value in BARE.items():
            response[name] = value
        return self.security.process_response(request, response)


class MethodMiddleware:
    """Says in our own words that an address does not do what was asked of it, whoever's view refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a refusal that has no words gets ours."""
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        told = render(request, "405.html", status=405)
        told["Allow"] = response["Allow"]
        return told


@page(SIGNED_IN)
def own_desk(request: Request) -> HttpResponse:
    """Send a person to the first of their desks, or let them choose what they came for."""
    desks = Roles.of(request).desks
    if desks:
        return HttpResponseRedirect(desks[0].url)
    return HttpResponseRedirect(reverse("public:welcome"))


@page(EVERYONE, methods=("POST",))
def change_language(request: HttpRequest) -> HttpResponse:
    """Show the page in another language, whichever language the browser asks for otherwise."""
    here = get_language_from_path(request.POST.get("next", "")) or get_language()
    with override(here):  # Django finds the page by the prefix of the active language only
        return set_language(request)


@page(SIGNED_IN, methods=("POST",))
def switch_desk(request: Request) -> HttpResponse:
    """Change the desk: remembers the organisation in whose name the person acts."""
    for choice in Roles.of(request).desks:
        if choice.key == request.POST.get("desk"):
            if choice.organisation is not None:
                request.session["organisation"] = choice.organisation
            return SeeOther(choice.url)
    return SeeOther(reverse("desk"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say kindly whose work this page belongs to, and what works instead."""
    who = exception.who if isinstance(exception, NotYourDesk) else frozenset()
    return render(request, "403.html", {"for_roles": who}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say kindly that nothing is here, or nothing for this person."""
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say kindly that forms come too fast; allauth asks for this page."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, or that the database is back in a moment, without asking it for anything."""
    if is_away(sys.exc_info()[1]):
        return away(request)
    return render(None, "500.html", {"counter": counter()}, status=500)
