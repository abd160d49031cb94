"""What stands round every page: the surface that it is on, and the person's desks."""

from __future__ import annotations

from django.http import HttpRequest

from luukku.web.kit.request import is_signed_in
from luukku.web.kit.roles import Roles


def desk_context(request: HttpRequest) -> dict[str, object]:
    """Give every template the surface it stands on and the person's desks."""
    match = getattr(request, "resolver_match", None)
    surface = match.namespace.split(":")[0] if match and match.namespace else "public"
    context: dict[str, object] = {"surface": surface, "desks": [], "current_desk": ""}
    if not hasattr(request, "user") or not is_signed_in(request):
        return context
    roles = Roles.of(request)
    current = surface
    if surface == "orderer" and roles.membership:
        current = f"organisation-{roles.membership.organisation_id}"
    return context | {"desks": roles.desks, "current_desk": current}
