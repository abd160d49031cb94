"""An event as machines read it: schema.org, of what everybody may read only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from luukku.events.models import Audience, Event, Mode
from luukku.events.states import EventState

ATTENDS = {Mode.PLACE: "Offline", Mode.REMOTE: "Online", Mode.BOTH: "Mixed"}


def event_schema(event: Event) -> dict[str, Any] | None:
    """Return what search engines read; None of what is not open to all or has no time.

    The link for taking part remotely is for those who have a place, so the event's own page stands for it.
    """
    is_open = event.state != EventState.DRAFT and event.audience != Audience.INVITED
    if not is_open or event.starts_at is None or event.ends_at is None:
        return None
    page = f"{settings.LUUKKU_BASE_URL}{reverse('public:event', args=[event.pk])}"
    town = event.municipality.name if event.municipality else ""
    address = ", ".join(filter(None, [event.address, town]))
    places: list[dict[str, Any]] = []
    if event.mode != Mode.REMOTE:
        places.append({"@type": "Place", "name": address, "address": address})
    if event.mode != Mode.PLACE:
        places.append({"@type": "VirtualLocation", "url": page})
    is_off = event.state == EventState.CANCELLED
    return {
        "@type": "Event",
        "name": event.title,
        "description": event.summary,
        "url": page,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if is_off else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{ATTENDS[Mode(event.mode)]}EventAttendanceMode",
        "inLanguage": event.language_id,
        "organizer": {"@type": "Organization", "name": event.organiser.name},
        "location": places,
    }
