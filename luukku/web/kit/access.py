"""Who may open a page and how, and where those go who may not yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse

from luukku.web.kit.paths import is_page, page_above, page_with_form
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import is_signed_in
from luukku.web.kit.roles import Roles
from luukku.web.kit.typed import keep

P = ParamSpec("P")
A = TypeVar("A", bound=HttpResponseBase)
EVERYONE = "everyone"
SIGNED_IN = "signed_in"


@dataclass(frozen=True)
class Access:
    """Who may open a page and how; read by ``list_urls`` and by the architecture tests.

    Attributes:
        home: of an act without a page of its own, the address of the page that it belongs to.
        makes_one: whether each sending makes a thing of its own, so that a changed form is asked about.
    """

    who: frozenset[str]
    methods: tuple[str, ...]
    home: Callable[..., str] | None = None
    makes_one: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nobody has to sign in."""
        return EVERYONE in self.who


class NotYourDesk(PermissionDenied):
    """The page is for people with one of the roles ``who``: the answer says whose, and what works instead."""

    def __init__(self, who: tuple[str, ...]) -> None:
        super().__init__("page")
        self.who = frozenset(who)


def page(
    *who: str,
    methods: tuple[str, ...] = ("GET",),
    home: Callable[..., str] | None = None,
    makes_one: bool = False,
) -> Callable[
    [Callable[Concatenate[Any, P], A]], Callable[Concatenate[HttpRequest, P], A | HttpResponse]
]:
    """Let only people with one of the roles ``who`` open the view, only by ``methods``.

    A stranger to the surface gets a friendly 403; a stranger to an object gets 404 by ``visible_to``.
    An act that is opened as a page leads to the page it belongs to: ``home`` tells it from the request
    and the address's parts, else it is the nearest page above the address.
    """
    access = Access(frozenset(who), methods, home, makes_one)

    def decorate(
        view: Callable[Concatenate[Any, P], A],
    ) -> Callable[Concatenate[HttpRequest, P], A | HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> A | HttpResponse:
            if EVERYONE not in who:
                if not is_signed_in(request):
                    return sign_in_first(request)
                if SIGNED_IN not in who and not Roles.of(request).names & set(who):
                    raise NotYourDesk(who)
            is_looking = request.method in {"GET", "HEAD"}
            if request.method in methods or (is_looking and "GET" in methods):
                return view(request, *args, **kwargs)
            if is_looking:
                return SeeOther(home(request, **kwargs) if home else page_above(request.path))
            return HttpResponseNotAllowed(methods)

        guarded.access = access  # type: ignore[attr-defined]  # ``kit.paths`` and the lists of addresses read it
        return guarded

    return decorate


def home_at(name: str, *parts: str) -> Callable[..., str]:
    """Return what tells the home of an act: the page called ``name``, for these parts of the act's address."""
    return lambda _request, **kwargs: reverse(name, args=[kwargs[part] for part in parts])


def sign_in_first(request: HttpRequest, door: str | None = None) -> HttpResponse:
    """Send to ``door``, where one signs in, and from there to the page with the form; what was typed waits there."""
    is_looking = request.method in {"GET", "HEAD"}
    if is_looking and is_page(request.path):
        return redirect_to_login(request.get_full_path(), door)
    back = page_above(request.path) if is_looking else page_with_form(request)
    response = redirect_to_login(back, door)
    if request.method == "POST":
        keep(request, response, page=back)
    return response
