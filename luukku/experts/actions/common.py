"""What every act on a profile needs."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import PartsMissing
from luukku.experts.models import Expert


class Incomplete(PartsMissing):
    """The profile lacks parts; ``missing`` names its sections."""


def behind(expert: Expert, by: User) -> User | None:
    """Return on whose behalf ``by`` acts; None for the expert's own act."""
    return None if by.pk == expert.user_id else expert.user


def require(perm: str, expert: Expert, by: User) -> None:
    """Raise PermissionDenied unless ``by`` has the rule."""
    if not by.has_perm(perm, expert):
        raise PermissionDenied(perm)


def locked(expert: Expert) -> Expert:
    """Return the row as it is now; two people changing one profile wait for each other."""
    return Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)


def note_edit(expert: Expert, fields: list[str], *, by: User, at: datetime) -> None:
    """Remember which parts have changed, never what they say."""
    data = {"fields": sorted(fields)}
    record("experts.edit", by=by, about=expert, at=at, on_behalf_of=behind(expert, by), data=data)
