"""Calendar entries of agreed tasks: neutral titles, the same UID in mail and feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.events.calendar import calendar, coming, in_feed
from luukku.orders.models import Mode

EVERY_HOUR = timedelta(hours=1)  # how often a calendar program may look for changes


def _event(thing: str, tasks: list[Assignment]) -> Event:
    """Return the entry of ``thing``: one task to its expert, the tasks of one order to its orderer.

    An order's tasks are at one time; the entry is off when all of them are. The sequence only grows: each task
    that is agreed or changed adds to it.
    """
    live = [task for task in tasks if task.state != AssignmentState.CANCELLED]
    task = (live or tasks)[-1]
    host = urlsplit(settings.LUUKKU_BASE_URL).hostname
    event = Event()
    event.add("uid", f"{thing}@{host}")
    event.add("sequence", sum(one.calendar_version + 1 for one in tasks) - 1)
    event.add("summary", _("Experience task"))
    # In UTC, so that no VTIMEZONE is needed, whatever zone the time was typed in.
    event.add("dtstart", task.starts_at.astimezone(UTC))
    event.add("dtend", task.ends_at.astimezone(UTC))
    changed = max(one.calendar_changed_at or _agreed_at(one) for one in tasks)
    event.add("dtstamp", changed.astimezone(UTC))
    url = task.order.meeting_url
    is_remote = task.mode == Mode.REMOTE
    event.add("location", (url or _("Remote")) if is_remote else task.place)
    if url:
        event.add("url", url)
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED" if live else "CANCELLED")
    return event


def _thing(task: Assignment, user: User) -> str:
    is_expert = task.expert.user_id == user.pk
    return f"assignment-{task.pk}" if is_expert else f"order-{task.order_id}"


def _agreed_at(assignment: Assignment) -> datetime:
    return max(assignment.expert_agreed_at, assignment.counter_agreed_at)


def event(
    assignment: Assignment, *, for_user: User, with_method: bool = False, is_off: bool = False
) -> str:
    """Return the iCalendar text of the task, or to its orderer of the order.

    Args:
        with_method: as a request or a cancellation by mail.
        is_off: for this reader it is off, though it goes on.
    """
    thing = _thing(assignment, for_user)
    tasks = [assignment]
    if assignment.expert.user_id != for_user.pk:
        of_order = Assignment.objects.filter(order=assignment.order_id)
        tasks = list(of_order.select_related("order").order_by("pk"))
    made, entry = calendar(), _event(thing, tasks)
    if is_off:
        entry["status"] = "CANCELLED"
    if with_method:
        made.add("method", "REQUEST" if entry["status"] == "CONFIRMED" else "CANCEL")
        sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
        entry.add("organizer", vCalAddress(f"mailto:{sender}"))
        if for_user.email:
            entry.add("attendee", coming(for_user.email))
    made.add_component(entry)
    return made.to_ical().decode()


def feed(user: User, *, at: datetime) -> str:
    """Return the tasks of ``user``, as expert or orderer, and the events that they come to, from 90 days back on.

    What was cancelled is marked so. In the language of ``user``, as their letters are: the same task has the same
    title in both.
    """
    with translation.override(user.language):
        return _feed(user, at=at)


def _feed(user: User, *, at: datetime) -> str:
    made, since = calendar(), at - timedelta(days=90)
    made.add("x-wr-calname", "Kokemusluukku")
    made.add("refresh-interval", EVERY_HOUR, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    tasks = (
        Assignment.objects.of(user)
        .filter(ends_at__gte=since)
        .select_related("order", "expert")
        .order_by("starts_at", "pk")
    )
    entries: dict[str, list[Assignment]] = {}
    for task in tasks:
        entries.setdefault(_thing(task, user), []).append(task)
    for thing, its in entries.items():
        made.add_component(_event(thing, its))
    for entry in in_feed(user, since=since):
        made.add_component(entry)
    return made.to_ical().decode()
