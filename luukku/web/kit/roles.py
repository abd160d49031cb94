"""The roles of the person behind a request, and the desks that these open.

Each surface registers its desks, and a role that neither an account nor a membership carries, in its ``desks.py``;
``luukku.config`` imports these when the process starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import cached_property

from luukku.accounts.models import User
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import memberships_of
from luukku.organisations.states import OrganisationState
from luukku.web.kit.request import Request


@dataclass(frozen=True)
class Desk:
    """One desk that a person may stand at; ``organisation``: in whose name they then act."""

    key: str
    label: str
    url: str
    organisation: int | None = None


DESKS: list[Callable[[Roles], Iterable[Desk]]] = []
HOLDERS: dict[str, Callable[[User], bool]] = {}
BUSY: list[Callable[[set[int]], set[int]]] = []


def desks_of_surface(open_to: Callable[[Roles], Iterable[Desk]]) -> Callable:
    """Register which desks of a surface are open to a person."""
    DESKS.append(open_to)
    return open_to


def holders_of(name: str) -> Callable:
    """Register who holds the role ``name``."""

    def register(is_held: Callable[[User], bool]) -> Callable:
        HOLDERS[name] = is_held
        return is_held

    return register


def busy_of_surface(among: Callable[[set[int]], set[int]]) -> Callable:
    """Register in which of some organisations, by their keys, work of a surface goes on."""
    BUSY.append(among)
    return among


class Roles:
    """The roles of the person behind a request and the desks that they open; asked once a request."""

    def __init__(self, user: User, organisation_id: int | None) -> None:
        self.user = user
        self._wished = organisation_id
        self._held: dict[str, bool] = {}

    @classmethod
    def of(cls, request: Request) -> Roles:
        """Return the roles of ``request.user``, remembered on the request."""
        if not hasattr(request, "roles"):
            request.roles = cls(request.user, request.session.get("organisation"))
        return request.roles

    @cached_property
    def memberships(self) -> list[Membership]:
        """Roles in organisations."""
        return memberships_of(self.user)

    def holds(self, name: str) -> bool:
        """Return whether the person has the registered role ``name``."""
        if name not in self._held:
            self._held[name] = HOLDERS[name](self.user)
        return self._held[name]

    @cached_property
    def names(self) -> set[str]:
        """The names of all roles, as ``page`` and ``list_urls`` use them."""
        roles = set(self.user.roles) | {m.role for m in self.memberships}
        return roles | {name for name in HOLDERS if self.holds(name)}

    @cached_property
    def membership(self) -> Membership | None:
        """The membership that the person acts by on the organisation's desk: the chosen one or the liveliest.

        That is where they order and an order is open, then one that the counter has checked, then the first by name.
        """
        for membership in self.memberships:
            if membership.organisation_id == self._wished:
                return membership
        here = {membership.organisation_id for membership in self.memberships}
        if len(here) < 2:
            return self.memberships[0] if self.memberships else None
        live = set().union(*(among(here) for among in BUSY))
        return min(
            self.memberships,
            key=lambda one: (
                one.role != MemberRole.ORDERER or one.organisation_id not in live,
                one.organisation.state != OrganisationState.VETTED,
            ),
        )

    @cached_property
    def desks(self) -> list[Desk]:
        """Every desk open to the person, in the order in which the surfaces are installed."""
        return [desk for open_to in DESKS for desk in open_to(self)]


def orders_for(request: Request) -> bool:
    """Return whether the person orders for the organisation on whose desk they are."""
    membership = Roles.of(request).membership
    return membership is not None and any(
        m.role == MemberRole.ORDERER and m.organisation_id == membership.organisation_id
        for m in Roles.of(request).memberships
    )
