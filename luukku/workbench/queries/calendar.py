"""The counter's calendar: agreed tasks, events, wished times of open orders, and deadlines of the queue, by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import DateTimeField, QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.core.by_day import first_between, midnights
from luukku.core.compiled import Given, objects_once, once, with_keys
from luukku.core.duty import FIRST_ROWS, KINDS, queue_of
from luukku.core.times import helsinki, is_holiday
from luukku.events.models import TITLES, Session
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
        task_id, offer_id: of an expert's own calendar, the task, or the offer that asks about the time; else 0.
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
    task_id: int = 0
    offer_id: int = 0
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

    Whoever does not serve at the counter sees deadlines alone.

    Deadlines are counted by kind, with those of the queue: one query for all.

    Args:
        sort: only these; anything that is no ``Sort`` leaves nothing out.
    """
    found = {
        day: CalendarDay(day, is_holiday(day))
        for day in (first + timedelta(days=n) for n in range(days))
    }
    sorts = [Sort(sort)] if sort in Sort else list(Sort)
    start, end = midnights(first, days)
    between = {"start": start, "end": end}
    if viewer.is_counter:  # nobody else sees what everybody has
        for one in (Sort.TASK, Sort.WISH):
            if one in sorts:
                _add(found, one, _times(one, most)(**between), most)
        if Sort.EVENT in sorts:
            _add_events(found, _sessions(most)(**between), most)
    cut = _add_deadlines(found, at=at) if Sort.DEADLINE in sorts else []
    return Calendar(list(found.values()), cut)


START, END = Given("start", DateTimeField()), Given("end", DateTimeField())


@cache
def _times(sort: Sort, most: int) -> Callable[..., list[tuple[Any, ...]]]:
    """Return what asks for the first ``most`` tasks or wished times of each day; compiled once for each size of day."""

    def rows() -> QuerySet[Any, tuple[Any, ...]]:
        orders = Order.objects.filter(state__in=LOOKING).exclude(organisation=None)
        wishes = OrderTime.objects.filter(order__in=orders)
        times = Assignment.objects.live() if sort == Sort.TASK else wishes
        named = ("on_day", "nth", "of_day", "starts_at", "ends_at", "order_id")
        return first_between(times, START, END, most=most).values_list(*named)

    return once(rows)


@cache
def _sessions(most: int) -> Callable[..., list[Session]]:
    """Return what asks for the first ``most`` events of each day; compiled once for each size of day."""

    def rows() -> QuerySet[Session]:
        held = Session.objects.filter(event__state__in=[*OPEN_EVENTS, EventState.HELD])
        held = held.select_related("event__organiser", "event__municipality").only(
            "starts_at", "ends_at", "event__mode", *(f"event__{name}" for name in TITLES),
            "event__organiser__name", "event__municipality__name_fi", "event__municipality__name_sv",
        )  # fmt: skip
        return first_between(held, START, END, most=most)

    return objects_once(rows)


def _add_events(found: dict[date, CalendarDay], rows: list[Any], most: int) -> None:
    for line in rows:
        event = line.event
        town = event.municipality.name if event.municipality else ""
        entry = Entry(
            Sort.EVENT, event.title, line.starts_at, line.ends_at, event.organiser.name,
            "" if event.mode == EventMode.REMOTE else town, event_id=event.pk,
        )  # fmt: skip
        found[line.on_day].entries.append(entry)
        if line.nth == 1:
            found[line.on_day].left_out += max(0, line.of_day - most)


def _add(
    found: dict[date, CalendarDay], sort: Sort, shown: list[tuple[Any, ...]], most: int
) -> None:
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
