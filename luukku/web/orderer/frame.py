"""What every page of the organisation's desk stands on: its tabs and in whose name one acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.feedback.queries import next_steps
from luukku.orders.models import Order
from luukku.organisations.models import MemberRole, Organisation
from luukku.web.kit.request import Request
from luukku.web.kit.roles import Roles, orders_for

ORGANISATION = ("orderer", "background", "producer")


def organisation_of(request: Request) -> Organisation:
    """Return the organisation on whose desk the person is."""
    return known(Roles.of(request).membership).organisation  # the role has opened the page


def ordering_for(request: Request) -> Organisation:
    """Return the organisation in whose name the person orders: the desk's own, else the first one."""
    if orders_for(request):
        return organisation_of(request)
    memberships = Roles.of(request).memberships
    return next(m.organisation for m in memberships if m.role == MemberRole.ORDERER)


def roles_here(request: Request) -> set[str]:
    """Return the person's roles in the organisation on whose desk they are."""
    here = organisation_of(request)
    return {m.role for m in Roles.of(request).memberships if m.organisation_id == here.pk}


def tabs(request: Request, current: str) -> list[dict[str, object]]:
    """Return the desk's tabs by the person's roles."""
    names = [("desk", _("What now"))]
    if orders_for(request):
        names.append(("orders", _("Orders")))
    if MemberRole.BACKGROUND in roles_here(request):
        names.append(("experts", _("Our experts")))
    if MemberRole.PRODUCER in roles_here(request):
        names.append(("runs", _("Our trainings")))
    if roles_here(request) & {MemberRole.BACKGROUND, MemberRole.PRODUCER}:
        names.append(("our-events", _("Our events")))
    names.append(("calendar", _("Calendar")))
    names.append(("organisation", _("Our organisation")))
    return [
        {"label": label, "url": reverse(f"orderer:{name}"), "is_current": name == current}
        for name, label in names
    ]


def show(
    request: Request, template: str, current: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of this desk under the tab ``current``."""
    return render(request, template, context | {"tabs": tabs(request, current)}, status=status)


def with_next_step(orders: Iterable[Order]) -> list[tuple[Order, str | Promise]]:
    """Return each order with what happens next, for the rows of a list."""
    return next_steps(orders, at=timezone.now())
