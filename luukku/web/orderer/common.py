"""What every page of the organisation's desk needs."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.organisations.models import MemberRole
from luukku.web.http import Standing

ANY_ROLE = ("orderer", "background", "producer")


def own_roles(request: HttpRequest) -> set[str]:
    """Return the person's roles in the organisation on whose desk they are."""
    standing = Standing.of(request)
    here = standing.membership.organisation_id
    return {m.role for m in standing.memberships if m.organisation_id == here}


def tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the desk's tabs for the person's roles, ``current`` marked."""
    roles = own_roles(request)
    rows = [("desk", _("Desk"))]
    if MemberRole.ORDERER in roles:
        rows.append(("orders", _("Orders")))
    if MemberRole.BACKGROUND in roles:
        rows.append(("experts", _("Our experts")))
    rows.append(("organisation", _("Organisation")))
    return [{"label": label, "url": reverse(f"orderer:{name}"), "is_current": name == current} for name, label in rows]
