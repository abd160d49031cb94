"""Calendar entries of agreed tasks: neutral titles, the same UID in mail and feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.orders.models import Mode

EVERY_HOUR = timedelta(hours=1)  # how often a calendar program may look for changes


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Kokemusluukku//FI")
    calendar.add("version", "2.0")
    return calendar


def _event(assignment: Assignment) -> Event:
    host = urlsplit(settings.LUUKKU_BASE_URL).hostname
    event = Event()
    event.add("uid", f"assignment-{assignment.pk}@{host}")
    event.add("sequence", assignment.calendar_version)
    event.add("summary", _("Experience task"))
    # In UTC, so that no VTIMEZONE is needed, whatever zone the time was typed in.
    event.add("dtstart", assignment.starts_at.astimezone(UTC))
    event.add("dtend", assignment.ends_at.astimezone(UTC))
    event.add("dtstamp", (assignment.calendar_changed_at or _agreed_at(assignment)).astimezone(UTC))
    url = assignment.order.meeting_url
    is_remote = assignment.mode == Mode.REMOTE
    event.add("location", (url or _("Remote")) if is_remote else assignment.place)
    if url:
        event.add("url", url)
    event.add("class", "PRIVATE")
    cancelled = assignment.state == AssignmentState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _agreed_at(assignment: Assignment) -> datetime:
    return max(assignment.expert_agreed_at, assignment.counter_agreed_at)


def event(assignment: Assignment, *, for_user: User, with_method: bool = False) -> str:
    """Return the iCalendar text of one task; ``with_method`` as a request or a cancellation by mail."""
    calendar = _calendar()
    entry = _event(assignment)
    if with_method:
        cancelled = assignment.state == AssignmentState.CANCELLED
        calendar.add("method", "CANCEL" if cancelled else "REQUEST")
        sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
        entry.add("organizer", vCalAddress(f"mailto:{sender}"))
        if for_user.email:
            entry.add("attendee", _agreed(for_user))
    calendar.add_component(entry)
    return calendar.to_ical().decode()


def _agreed(user: User) -> vCalAddress:
    """The reader as somebody who has said yes already: the calendar program does not ask again."""
    attendee = vCalAddress(f"mailto:{user.email}")
    attendee.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return attendee


def feed(user: User, *, at: datetime) -> str:
    """Return the tasks of ``user``, as expert or orderer, from 90 days back on; cancelled ones marked so.

    In the language of ``user``, as their letters are: the same task has the same title in both.
    """
    with translation.override(user.language):
        return _feed(user, at=at)


def _feed(user: User, *, at: datetime) -> str:
    calendar = _calendar()
    calendar.add("x-wr-calname", "Kokemusluukku")
    calendar.add("refresh-interval", EVERY_HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    tasks = (
        Assignment.objects.of(user)
        .filter(ends_at__gte=at - timedelta(days=90))
        .select_related("order")
        .order_by("starts_at", "pk")
    )
    for assignment in tasks:
        calendar.add_component(_event(assignment))
    return calendar.to_ical().decode()
