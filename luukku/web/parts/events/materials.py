"""What an event gives to read, as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luukku.accounts.models import User
from luukku.events.models import Event, Material, SignUp
from luukku.events.queries import materials_for, materials_until


@dataclass(frozen=True)
class MaterialsView:
    """The materials of an event that one reader is shown.

    Attributes:
        until: until when they are found on the page; None while the event has no time.
        is_over: that time has passed, so that none can be added any more either.
    """

    rows: list[Material]
    until: datetime | None
    is_over: bool


def materials_view(
    event: Event,
    user: User | None,
    own: SignUp | None,
    *,
    at: datetime,
    link_ends_at: datetime | None = None,
) -> MaterialsView:
    """Return the materials as ``user``, or the guest whose ``own`` sign-up it is, sees them.

    Args:
        link_ends_at: until when the guest's link opens the page.
    """
    until = materials_until(event)
    is_over = until is not None and until <= at
    told = min(filter(None, [until, link_ends_at]), default=None)
    return MaterialsView(materials_for(event, user, own, at=at), told, is_over)
