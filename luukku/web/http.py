"""What every surface shares: who may open a page, forms that arrive twice, the desk's head."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import memberships_of
from luukku.web.typed import keep

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
) -> Callable:
    """Let only people with one of the roles ``who`` open the view, only by ``methods``.

    A stranger to the surface gets a friendly 403; a stranger to an object gets 404 by ``visible_to``.
    An act that is opened as a page leads to the page it belongs to: ``home`` tells it from the request
    and the address's parts, else it is the nearest page above the address.
    """
    access = Access(frozenset(who), methods, home, makes_one)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if EVERYONE not in who:
                if not request.user.is_authenticated:
                    return sign_in_first(request)
                if SIGNED_IN not in who and not Standing.of(request).roles & set(who):
                    raise NotYourDesk(who)
            is_looking = request.method in {"GET", "HEAD"}
            if request.method in methods or (is_looking and "GET" in methods):
                return view(request, *args, **kwargs)
            if is_looking:
                return SeeOther(home(request, **kwargs) if home else page_above(request.path))
            return HttpResponseNotAllowed(methods)

        guarded.access = access
        return guarded

    return decorate


def at(name: str, *parts: str) -> Callable[..., str]:
    """Return what tells the home of an act: the page called ``name``, for these parts of the act's address."""
    return lambda _request, **kwargs: reverse(name, args=[kwargs[part] for part in parts])


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


def is_answer(response: HttpResponse) -> bool:
    """Return whether a form has been taken and answered; being sent to open the door first is no answer."""
    return (
        response.status_code in {302, 303}
        and not getattr(response, "is_refusal", False)
        and not _ACCOUNT.match(urlsplit(response["Location"]).path)
    )


_ACCOUNT = re.compile(r"/\w\w/account/")


class SeeOther(HttpResponseRedirect):
    """303: the form has been taken, look there with GET."""

    status_code = 303


def see_other(name: str, *args: object) -> SeeOther:
    """Answer a form with the page called ``name``."""
    return SeeOther(reverse(name, args=args))


HARMLESS = {"code", "node", "path"}  # parts of an address that name a page, never a person


def told_path(match: ResolverMatch | None, path: str) -> str:
    """Return as much of ``path`` as tells of no person: an open page's whole, of others only the room."""
    if match is None:
        return ""
    view_access = getattr(match.func, "access", None)
    is_open = match.url_name == "wagtail_serve" or (
        view_access is not None and EVERYONE in view_access.who
    )
    if is_open and not match.args and match.kwargs.keys() <= HARMLESS:
        return path[:200]
    room = path.split("/")[1:3]
    return f"/{'/'.join(room)}/" if len(room) == 2 and all(room) else ""


def known_path(path: str) -> str:
    """Return ``path`` as ``told_path`` does if it is an address of ours, else nothing."""
    try:
        return told_path(resolve(path), path)
    except Resolver404:
        return ""


class Standing:
    """The roles of the person behind a request and the desks that they open; asked once a request."""

    def __init__(self, user: User, organisation_id: int | None) -> None:
        self.user = user
        self._wished = organisation_id

    @classmethod
    def of(cls, request: HttpRequest) -> Standing:
        """Return the standing of ``request.user``, remembered on the request."""
        if not hasattr(request, "standing"):
            request.standing = cls(request.user, request.session.get("organisation"))
        return request.standing

    @cached_property
    def memberships(self) -> list[Membership]:
        """Roles in organisations."""
        return list(memberships_of(self.user))

    @cached_property
    def is_expert(self) -> bool:
        """Whether the person has an expert's profile, finished or not."""
        return Expert.objects.filter(user=self.user).exists()

    @cached_property
    def roles(self) -> set[str]:
        """The names of all roles, as ``page`` and ``list_urls`` use them."""
        roles = set(self.user.roles) | {m.role for m in self.memberships}
        return roles | {"expert"} if self.is_expert else roles

    @cached_property
    def membership(self) -> Membership | None:
        """The membership that the person acts by on the organisation's desk: the chosen one or the first."""
        for membership in self.memberships:
            if membership.organisation_id == self._wished:
                return membership
        return self.memberships[0] if self.memberships else None

    @cached_property
    def desks(self) -> list[dict[str, object]]:
        """Every desk open to the person: label, address, and the organisation where there is one."""
        desks = []
        if self.user.is_counter:
            desks.append({"key": "counter", "label": _("Counter"), "url": reverse("counter:queue")})
        elif self.user.is_admin:
            desks.append(
                {"key": "counter", "label": _("People and roles"), "url": reverse("counter:people")}
            )
        elif self.user.is_steering:
            desks.append(
                {"key": "counter", "label": _("Steering group"), "url": reverse("counter:home")}
            )
        if self.is_expert:
            desks.append(
                {"key": "expert", "label": _("Expert's desk"), "url": reverse("expert:desk")}
            )
        seen = set()
        for membership in self.memberships:
            if membership.organisation_id not in seen:
                seen.add(membership.organisation_id)
                desks.append(
                    {
                        "key": f"organisation-{membership.organisation_id}",
                        "label": membership.organisation.name,
                        "url": reverse("orderer:desk"),
                        "organisation": membership.organisation_id,
                    }
                )
        return desks


def desk(request: HttpRequest) -> dict[str, object]:
    """Give every template the surface it stands on and the person's desks."""
    match = getattr(request, "resolver_match", None)
    surface = match.namespace.split(":")[0] if match and match.namespace else "public"
    context: dict[str, object] = {"surface": surface, "desks": [], "current_desk": ""}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    standing = Standing.of(request)
    current = surface
    if surface == "orderer" and standing.membership:
        current = f"organisation-{standing.membership.organisation_id}"
    return context | {"desks": standing.desks, "current_desk": current}


def orders_for(request: HttpRequest) -> bool:
    """Return whether the person orders for the organisation on whose desk they are."""
    membership = Standing.of(request).membership
    return membership is not None and any(
        m.role == MemberRole.ORDERER and m.organisation_id == membership.organisation_id
        for m in Standing.of(request).memberships
    )
