"""The roles of the person behind a request, and the desks that these open."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import memberships_of


class Roles:
    """The roles of the person behind a request and the desks that they open; asked once a request."""

    def __init__(self, user: User, organisation_id: int | None) -> None:
        self.user = user
        self._wished = organisation_id

    @classmethod
    def of(cls, request: HttpRequest) -> Roles:
        """Return the roles of ``request.user``, remembered on the request."""
        if not hasattr(request, "roles"):
            request.roles = cls(request.user, request.session.get("organisation"))
        return request.roles

    @cached_property
    def memberships(self) -> list[Membership]:
        """Roles in organisations."""
        return list(memberships_of(self.user))

    @cached_property
    def is_expert(self) -> bool:
        """Whether the person has an expert's profile, finished or not."""
        return Expert.objects.filter(user=self.user).exists()

    @cached_property
    def names(self) -> set[str]:
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


def orders_for(request: HttpRequest) -> bool:
    """Return whether the person orders for the organisation on whose desk they are."""
    membership = Roles.of(request).membership
    return membership is not None and any(
        m.role == MemberRole.ORDERER and m.organisation_id == membership.organisation_id
        for m in Roles.of(request).memberships
    )
