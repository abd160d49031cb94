"""Calendar entries of agreed tasks: neutral titles, the same UID in mail and feed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.orders.models import Mode


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
    event.add("dtstart", assignment.starts_at)
    event.add("dtend", assignment.ends_at)
    event.add("dtstamp", assignment.state_changed_at or assignment.counter_agreed_at)
    event.add("location", _("Remote") if assignment.mode == Mode.REMOTE else assignment.place)
    event.add("class", "PRIVATE")
    cancelled = assignment.state == AssignmentState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


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
            entry.add("attendee", vCalAddress(f"mailto:{for_user.email}"))
    calendar.add_component(entry)
    return calendar.to_ical().decode()


def feed(user: User, *, at: object) -> str:
    """Return the tasks of ``user``, as expert or orderer, from 90 days back on; cancelled ones marked so."""
    calendar = _calendar()
    calendar.add("x-wr-calname", "Kokemusluukku")
    tasks = (
        Assignment.objects.of(user)
        .filter(ends_at__gte=at - timedelta(days=90))
        .order_by("starts_at", "pk")
    )
    for assignment in tasks:
        calendar.add_component(_event(assignment))
    return calendar.to_ical().decode()
