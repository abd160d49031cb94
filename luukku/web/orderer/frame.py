"""What every page of the organisation's desk stands on: its tabs and in whose name one acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.orders.models import Order
from luukku.orders.queries import next_step
from luukku.organisations.models import MemberRole, Organisation
from luukku.web.http import Standing, orders_for

ORGANISATION = ("orderer", "background", "producer")


def organisation_of(request: HttpRequest) -> Organisation:
    """Return the organisation on whose desk the person is."""
    return Standing.of(request).membership.organisation


def ordering_for(request: HttpRequest) -> Organisation:
    """Return the organisation in whose name the person orders: the desk's own, else the first one."""
    if orders_for(request):
        return organisation_of(request)
    memberships = Standing.of(request).memberships
    return next(m.organisation for m in memberships if m.role == MemberRole.ORDERER)


def tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the desk's tabs; orders only for who orders."""
    names = [("desk", _("What now")), ("organisation", _("Our organisation"))]
    if orders_for(request):
        names.insert(1, ("orders", _("Orders")))
    return [
        {"label": label, "url": reverse(f"orderer:{name}"), "is_current": name == current}
        for name, label in names
    ]


def show(
    request: HttpRequest, template: str, current: str, *, status: int = 200, **context: object
) -> HttpResponse:
    """Render a page of this desk under the tab ``current``."""
    return render(request, template, context | {"tabs": tabs(request, current)}, status=status)


def with_next_step(orders: Iterable[Order]) -> list[tuple[Order, object]]:
    """Return each order with what happens next, for the rows of a list."""
    return [(order, next_step(order)) for order in orders]
