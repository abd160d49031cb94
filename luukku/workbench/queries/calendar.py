"""The counter's calendar: agreed tasks, events, wished times of open orders, and deadlines of the queue, by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, TextChoices, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.core.compiled import once, with_keys
from luukku.core.duty import FIRST_ROWS, KINDS, queue_of
from luukku.core.times import HELSINKI, helsinki, is_holiday
from luukku.events.models import Event, Session
from luukku.events.models import Mode as EventMode
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.orders.models import Mode, Order, OrderTime
from luukku.orders.states import OrderState

LOOKING = (OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING)  # their times are wishes


class Sort(TextChoices):
    """What stands in the calendar."""

    TASK = "task", _("Agreed tasks")
    EVENT = "event", _("Events")
    WISH = "wish", _("Wished times")
    DEADLINE = "deadline", _("Deadlines")


@dataclass(frozen=True)
class Entry:
    """One line of a day: an order's time, or how many duties of a kind are due.

    Attributes:
        order_id, event_id: the order or the event that it is about; 0 of deadlines.
        kind: the kind of duties; empty of an order's time.
        organisation, place: who orders, and the municipality, empty of what is remote.
    """

    sort: Sort
    title: str | Promise
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    organisation: str = ""
    place: str = ""
    order_id: int = 0
    event_id: int = 0
    kind: str = ""
    number: int = 0


@dataclass
class CalendarDay:
    """One day with the first of its entries; ``left_out``: how many more there are."""

    day: date
    is_holiday: bool
    entries: list[Entry] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Calendar:
    """Days that follow each other; ``cut``: the kinds of deadlines of which only the most urgent are there."""

    days: list[CalendarDay]
    cut: list[str | Promise]


def calendar(
    viewer: User, first: date, days: int, *, most: int, sort: str = "", at: datetime
) -> Calendar:
    """Return ``days`` days from ``first`` on, each with at most ``most`` entries of a sort; two queries a sort.

    Deadlines are counted by kind, with those of the queue: one query for all.

    Args:
        sort: only these; anything that is no ``Sort`` leaves nothing out.
    """
    found = {
        day: CalendarDay(day, is_holiday(day))
        for day in (first + timedelta(days=n) for n in range(days))
    }
    begins, ends = (
        datetime.combine(day, time(), HELSINKI) for day in (first, first + timedelta(days=days))
    )
    sorts = [Sort(sort)] if sort in Sort else list(Sort)
    if Sort.TASK in sorts:
        tasks = Assignment.objects.visible_to(viewer).live()
        _add(found, Sort.TASK, tasks.filter(starts_at__gte=begins, starts_at__lt=ends), most)
    if Sort.EVENT in sorts:
        events = Event.objects.visible_to(viewer).filter(state__in=[*OPEN_EVENTS, EventState.HELD])
        held = Session.objects.filter(event__in=events)
        _add_events(found, held.filter(starts_at__gte=begins, starts_at__lt=ends), most)
    if Sort.WISH in sorts:
        orders = Order.objects.visible_to(viewer).filter(state__in=LOOKING)
        wishes = OrderTime.objects.filter(order__in=orders.exclude(organisation=None))
        _add(found, Sort.WISH, wishes.filter(starts_at__gte=begins, starts_at__lt=ends), most)
    cut = _add_deadlines(found, at=at) if Sort.DEADLINE in sorts else []
    return Calendar(list(found.values()), cut)


def _first_of_days(rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    """Return the first ``most`` rows of each day, with their number, and how many the day has."""
    numbered = rows.annotate(
        on_day=TruncDate("starts_at", tzinfo=HELSINKI),
        nth=Window(
            RowNumber(), partition_by=F("on_day"), order_by=[F("starts_at").asc(), F("pk").asc()]
        ),
        of_day=Window(Count("pk"), partition_by=F("on_day")),
    )
    return numbered.filter(nth__lte=most).order_by("starts_at", "pk")


def _add_events(found: dict[date, CalendarDay], rows: QuerySet[Session], most: int) -> None:
    lines = _first_of_days(rows.select_related("event__organiser", "event__municipality"), most)
    for line in lines:
        event = line.event
        town = event.municipality.name if event.municipality else ""
        entry = Entry(
            Sort.EVENT, event.title, line.starts_at, line.ends_at, event.organiser.name,
            "" if event.mode == EventMode.REMOTE else town, event_id=event.pk,
        )  # fmt: skip
        found[line.on_day].entries.append(entry)
        if line.nth == 1:
            found[line.on_day].left_out += max(0, line.of_day - most)


def _add(found: dict[date, CalendarDay], sort: Sort, rows: QuerySet[Any], most: int) -> None:
    lines = _first_of_days(rows, most)
    shown = list(lines.values_list("on_day", "nth", "of_day", "starts_at", "ends_at", "order_id"))
    told = {key: words for key, *words in _told(keys=[line[-1] for line in shown])}
    is_swedish = get_language() == "sv"
    for on, nth, of_day, starts_at, ends_at, order_id in shown:
        title, organisation, mode, in_finnish, in_swedish = told[order_id]
        place = in_swedish if is_swedish else in_finnish
        town = "" if mode == Mode.REMOTE or place is None else place
        entry = Entry(sort, title, starts_at, ends_at, organisation, town, order_id)
        found[on].entries.append(entry)
        if nth == 1:
            found[on].left_out += max(0, of_day - most)


@once
def _told() -> QuerySet[Any, Any]:
    names = ("municipality__name_fi", "municipality__name_sv")
    rows = Order.objects.filter(with_keys())
    return rows.values_list("pk", "title", "organisation__name", "mode", *names)


def _add_deadlines(found: dict[date, CalendarDay], *, at: datetime) -> list[str | Promise]:
    """Add how many duties of which kind are due on each day; return the kinds that have more than were counted."""
    waits = queue_of(KINDS, first=FIRST_ROWS, at=at)
    due = Counter((helsinki(duty.due).date(), duty.kind) for duty in waits.duties)
    for (on, kind), number in sorted(due.items()):
        if on in found:
            found[on].entries.append(
                Entry(Sort.DEADLINE, KINDS[kind].label, kind=kind, number=number)
            )
    return [KINDS[kind].label for kind in sorted(waits.last)]
