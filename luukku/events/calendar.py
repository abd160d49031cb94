"""Calendar entries of sign-ups: neutral titles, the same UID in the letter, the file and the feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry

from luukku.accounts.models import User
from luukku.events.models import Mode, SignUp
from luukku.events.states import EventState, SignUpState


def calendar() -> Calendar:
    """Return an empty calendar of ours."""
    made = Calendar()
    made.add("prodid", "-//Kokemusluukku//FI")
    made.add("version", "2.0")
    return made


def entries(sign_up: SignUp) -> list[Entry]:
    """Return the entry of each session."""
    event = sign_up.event
    is_on = sign_up.state == SignUpState.CONFIRMED and event.state != EventState.CANCELLED
    host = urlsplit(settings.LUUKKU_BASE_URL).hostname
    found = []
    for session in event.sessions.all():
        entry = Entry()
        entry.add("uid", f"sign-up-{sign_up.pk}-{session.pk}@{host}")
        entry.add("sequence", sign_up.calendar_version)
        entry.add("summary", _("Event (Kokemusluukku)"))
        # In UTC, so that no VTIMEZONE is needed, whatever zone the time was typed in.
        entry.add("dtstart", session.starts_at.astimezone(UTC))
        entry.add("dtend", session.ends_at.astimezone(UTC))
        changed = sign_up.calendar_changed_at or sign_up.state_changed_at or sign_up.made_at
        entry.add("dtstamp", changed.astimezone(UTC))
        is_remote = event.mode == Mode.REMOTE
        place = session.place or event.address
        entry.add("location", (event.meeting_url or _("Remote")) if is_remote else place)
        if event.meeting_url and event.mode != Mode.PLACE and is_on:
            entry.add("url", event.meeting_url)
        entry.add("class", "PRIVATE")
        entry.add("status", "CONFIRMED" if is_on else "CANCELLED")
        found.append(entry)
    return found


def single(sign_up: SignUp) -> str:
    """Return the file of one sign-up."""
    made = calendar()
    for entry in entries(sign_up):
        made.add_component(entry)
    return made.to_ical().decode()


def mailed(sign_up: SignUp, email: str) -> str:
    """Return what goes with a letter to ``email``: a request, or a cancellation."""
    made, its = calendar(), entries(sign_up)
    is_on = any(entry["status"] == "CONFIRMED" for entry in its)
    made.add("method", "REQUEST" if is_on else "CANCEL")
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    for entry in its:
        entry.add("organizer", vCalAddress(f"mailto:{sender}"))
        if email:
            entry.add("attendee", coming(email))
        made.add_component(entry)
    return made.to_ical().decode()


def coming(email: str) -> vCalAddress:
    """Return the reader as somebody who has said yes already: the calendar program does not ask again."""
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return attendee


def in_feed(user: User, *, since: datetime) -> Iterable[Entry]:
    """Yield the entries of what ``user`` has a place in, or had and let go, from ``since`` on."""
    rows = SignUp.objects.of(user).filter(event__ends_at__gte=since)
    had_place = {SignUpState.CONFIRMED, SignUpState.WITHDRAWN}
    rows = rows.filter(state__in=had_place).select_related("event")
    for sign_up in rows.prefetch_related("event__sessions").order_by("event__starts_at", "pk"):
        if sign_up.state == SignUpState.CONFIRMED or sign_up.calendar_version:
            yield from entries(sign_up)
