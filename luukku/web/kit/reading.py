"""One entry for every answer: what of others it shows is written down before it leaves, or it does not leave."""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import ResolverMatch
from django.utils import timezone

from luukku.accounts.models import User
from luukku.audit.models import ReaderAs
from luukku.audit.reading import NOBODY, note
from luukku.core.reading import Readings, collecting
from luukku.organisations.models import MemberRole, Membership
from luukku.web.kit.request import is_signed_in
from luukku.web.kit.roles import Roles

# Answers that show nothing of what has been read: elsewhere, refused, not there, failed.
EMPTY = {301, 302, 303, 304, 403, 404, 405, 410}


class ReadingMiddleware:
    """Note which personal data each reader was shown, inside ``OnceMiddleware``: in the transaction of the act."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note the reading first."""
        with collecting() as readings:
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(
                response, FileResponse
            ):
                body = b"".join(response.streaming_content)  # read while we still look
                response = HttpResponse(
                    body, status=response.status_code, headers=dict(response.headers)
                )
        if readings.seen and response.status_code not in EMPTY and response.status_code < 500:
            reader_id = _reader(request, readings)
            reader_as, organisation_id = _stands_as(request, reader_id)
            note(
                readings,
                reader_id=reader_id,
                reader_as=reader_as,
                organisation_id=organisation_id,
                why=_why(request),
                at=timezone.now(),
            )
        return response


def _reader(request: HttpRequest, readings: Readings) -> int:
    """The signed-in user; else the person the link was signed for; else nobody."""
    if readings.is_nameless:
        return NOBODY
    if request.user.is_authenticated:
        return request.user.pk
    return NOBODY if readings.reader_id is None else readings.reader_id


STAFF = (ReaderAs.COORDINATOR, ReaderAs.ADMIN, ReaderAs.STEERING)
MEMBER, EXPERT = "member", "expert"
# Which of their roles somebody looks in, where several would do: by the surface on which the page stands.
BY_SURFACE = {"expert": (EXPERT, MEMBER, STAFF), "orderer": (MEMBER, STAFF, EXPERT)}
ELSEWHERE = (STAFF, MEMBER, EXPERT)


def _stands_as(request: HttpRequest, reader_id: int) -> tuple[ReaderAs, int | None]:
    """Return the role in which the page is shown, and the organisation where it is a role in one."""
    if reader_id == NOBODY:
        return ReaderAs.GUEST, None
    match = request.resolver_match
    # Whom a signed link stands for need not be signed in.
    roles = Roles.of(request) if is_signed_in(request) else Roles(User(pk=reader_id), None)
    surface = match.namespace.split(":")[0] if match else ""
    page_name = (match.url_name if match else None) or ""
    if surface == "public" and page_name.startswith("offer-"):  # the link to an expert's offer
        surface = "expert"
    for kind in BY_SURFACE.get(surface, ELSEWHERE):
        if kind is STAFF and (role := next((r for r in STAFF if r in roles.user.roles), None)):
            return role, None
        if kind == MEMBER and (membership := _membership(roles, match)):
            return ReaderAs(membership.role), membership.organisation_id
        if kind == EXPERT and roles.holds(EXPERT):
            return ReaderAs.EXPERT, None
    return ReaderAs.ACCOUNT, None


def _membership(roles: Roles, match: ResolverMatch | None) -> Membership | None:
    """Return the membership that opens the page; where it asks for none, the one to order by."""
    if roles.membership is None:
        return None
    asked = getattr(getattr(match, "func", None), "access", None)
    wanted = (asked.who & set(MemberRole.values) if asked else None) or {MemberRole.ORDERER}
    here = roles.membership.organisation_id
    fitting = [m for m in roles.memberships if m.role in wanted] or roles.memberships
    return next((m for m in fitting if m.organisation_id == here), fitting[0])


def _why(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:  # the editor's preview of a page
        return "preview"
    numbers = [str(value) for value in match.kwargs.values() if isinstance(value, int)]
    return " ".join([match.view_name, *numbers])
