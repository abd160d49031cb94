"""What every surface shares: who may open a page, forms that arrive twice, the desk's head."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from itertools import chain

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.clashes import is_clash, once_more
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import memberships_of
from luukku.workflow.models import Submission

EVERYONE = "everyone"
SIGNED_IN = "signed_in"


@dataclass(frozen=True)
class Access:
    """Who may open a page and how; read by ``list_urls`` and by the architecture tests."""

    who: frozenset[str]
    methods: tuple[str, ...]


def page(*who: str, methods: tuple[str, ...] = ("GET",)) -> Callable:
    """Let only people with one of the roles ``who`` open the view, only by ``methods``.

    A stranger to the surface gets a friendly 403; a stranger to an object gets 404 by ``visible_to``.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in methods and not (
                request.method == "HEAD" and "GET" in methods
            ):
                return HttpResponseNotAllowed(methods)
            if EVERYONE not in who:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if SIGNED_IN not in who and not Standing.of(request).roles & set(who):
                    raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = Access(frozenset(who), methods)
        return guarded

    return decorate


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


class OnceMiddleware:
    """A form carries a token; the same form sent again gets the same answer and changes nothing.

    The token's row is written in the transaction of the act itself: a second request waits for the
    first, then is sent where the first was sent. So a form whose transaction the database ended for another
    one's sake (a deadlock) is taken once more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a form once."""
        token = self._token(request) if request.method == "POST" else None
        if token is None:
            return self.get_response(request)
        return once_more(
            partial(self._answer, request, token), before=partial(self._forget, request)
        )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Keep a clash of two transactions from being answered as a fault: the form is taken once more."""
        if not is_clash(error) or self._token(request) is None:
            return None
        request.clash = error
        return HttpResponse(status=503)  # nobody reads it

    @staticmethod
    def _forget(request: HttpRequest) -> None:
        """Make the request as it came: what the first try has read, said or remembered goes with it."""
        for file in chain.from_iterable(files for _name, files in request.FILES.lists()):
            file.seek(0)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = type(request.session)(key)
        request._messages = default_storage(request)
        for name in ("clash", "standing"):
            request.__dict__.pop(name, None)

    def _answer(self, request: HttpRequest, token: uuid.UUID) -> HttpResponse:
        with transaction.atomic():
            if not self._is_first(request, token):
                earlier = Submission.objects.filter(
                    token=token, user_id=request.user.pk, path=request.path
                ).first()
                return SeeOther(earlier.location if earlier else request.get_full_path())
            response = self.get_response(request)
            if hasattr(request, "clash"):
                raise request.clash
            if response.status_code in {302, 303}:
                Submission.objects.filter(token=token).update(location=response["Location"])
            elif response.status_code in {403, 404} or response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                Submission.objects.filter(
                    token=token
                ).delete()  # errors are shown: the form may come again
            return response

    @staticmethod
    def _token(request: HttpRequest) -> uuid.UUID | None:
        try:
            return uuid.UUID(request.POST.get("form_token", ""))
        except ValueError:
            return None

    @staticmethod
    def _is_first(request: HttpRequest, token: uuid.UUID) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO workflow_submission (token, user_id, path, location, at)"
                " VALUES (%s, %s, %s, '', %s) ON CONFLICT (token) DO NOTHING",
                [token, request.user.pk, request.path[:500], timezone.now()],
            )
            return cursor.rowcount == 1
