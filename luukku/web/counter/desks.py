"""Whom the counter's desk is open to, and as what."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.web.kit.roles import Desk, Roles, desks_of_surface


@desks_of_surface
def counter(roles: Roles) -> Iterable[Desk]:
    """Open the counter to its own people, each at the page that they work on."""
    if roles.user.is_counter:
        yield Desk("counter", _("Counter"), reverse("counter:queue"))
    elif roles.user.is_admin:
        yield Desk("counter", _("People and roles"), reverse("counter:people"))
    elif roles.user.is_steering:
        yield Desk("counter", _("Steering group"), reverse("counter:home"))
