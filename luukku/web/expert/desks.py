"""Who is an expert, and the desk that this opens."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.experts.queries import is_expert
from luukku.web.kit.roles import Desk, Roles, desks_of_surface, holders_of


@holders_of("expert")
def has_profile(user: User) -> bool:
    """Return whether ``user`` has an expert's profile, finished or not."""
    return is_expert(user)


@desks_of_surface
def expert(roles: Roles) -> Iterable[Desk]:
    """Open the desk to whoever has a profile."""
    if roles.holds("expert"):
        yield Desk("expert", _("Expert's desk"), reverse("expert:desk"))
