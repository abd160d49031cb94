"""The desks of the organisations in which a person has a role."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from luukku.orders.queries import ordering_now
from luukku.web.kit.roles import Desk, Roles, busy_of_surface, desks_of_surface


@desks_of_surface
def organisations(roles: Roles) -> Iterable[Desk]:
    """Open a desk for each organisation once, whatever the roles in it."""
    for organisation in dict.fromkeys(m.organisation for m in roles.memberships):
        key = f"organisation-{organisation.pk}"
        yield Desk(key, organisation.name, reverse("orderer:desk"), organisation.pk)


@busy_of_surface
def with_open_orders(organisations: set[int]) -> set[int]:
    """Return those of ``organisations`` that have an order under way."""
    return ordering_now(organisations)
