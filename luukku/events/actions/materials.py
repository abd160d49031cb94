"""What an event gives to read and to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from luukku.accounts.models import User
from luukku.events.models import MOST_MATERIALS, Event, ForWhom, Kind, Material
from luukku.events.queries import materials_until
from luukku.events.refusals import CalledOff, MaterialsGone, TooManyMaterials
from luukku.events.states import KEEP_MATERIALS, EventState
from luukku.workflow.actions import acting


def keep_materials(
    event: Event, materials: Sequence[Mapping[str, str]], *, by: User, at: datetime
) -> Event:
    """Let the event have these materials, in this order; others are taken away, and nobody gets a letter.

    Who added a link and when stays as it was while the link does.

    Raises:
        PermissionDenied: ``by`` neither keeps the event nor leads the peer meeting.
        CalledOff: it has been called off, and one of them is new.
        TooManyMaterials: there would be more than ``MOST_MATERIALS``.
        MaterialsGone: the event was so long ago that they are kept no more.
    """
    if len(materials) > MOST_MATERIALS:
        raise TooManyMaterials
    with acting(event, KEEP_MATERIALS, by=by, at=at, data={"materials": len(materials)}) as event:
        require_materials(event, at=at)
        stands = {one.url: one for one in event.materials.all()}
        if event.state == EventState.CANCELLED and any(
            one["url"] not in stands for one in materials
        ):
            raise CalledOff
        event.materials.exclude(url__in=[one["url"] for one in materials]).delete()
        for number, row in enumerate(materials, 1):
            made = Material(event=event, url=row["url"], made_by=by, made_at=at)
            one = stands.get(row["url"], made)
            one.number, one.title = number, row["title"]
            one.for_whom = row.get("for_whom") or ForWhom.PLACE
            if (
                event.kind == Kind.PEER
            ):  # who comes to one is nobody else's to know, nor what is said
                one.for_whom = ForWhom.PLACE
            one.save()
            stands[one.url] = one  # given twice it is one
    return event


def require_materials(event: Event, *, at: datetime) -> None:
    """Refuse where nobody gives the event materials at ``at``, whoever asks.

    Raises:
        MaterialsGone: the event was so long ago that they are kept no more.
    """
    until = materials_until(event)
    if until is not None and until <= at:
        raise MaterialsGone
