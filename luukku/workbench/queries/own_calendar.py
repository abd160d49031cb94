"""An expert's own calendar and an organisation's: what they have on each day, by what their desks show anyway."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Offer
from luukku.core.by_day import first_of_days
from luukku.core.known import known
from luukku.core.times import is_holiday
from luukku.events.models import Event, Session, SignUp
from luukku.events.models import Mode as EventMode
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.orders.models import Mode, Order, OrderTime
from luukku.organisations.models import Organisation
from luukku.workbench.queries.calendar import LOOKING, CalendarDay, Entry, Sort

OWN_SORTS = (Sort.TASK, Sort.EVENT, Sort.WISH)


def experts_calendar(
    viewer: User, first: date, days: int, *, most: int, sort: str = ""
) -> list[CalendarDay]:
    """Return ``days`` days from ``first`` on with the agreed tasks of ``viewer``, the times that offers ask about,
    and the events they have signed up for, also those they wait for; a query a sort.

    Args:
        most: of a sort on one day.
        sort: only these; anything that is not in ``OWN_SORTS`` leaves nothing out.
    """
    tasks = Assignment.objects.of(viewer).filter(expert__user=viewer).live()
    offers = Offer.objects.visible_to(viewer).filter(expert__user=viewer).waiting_for_expert()
    asked = OrderTime.objects.filter(order__in=offers.values("order")).annotate(
        asked_in=Subquery(offers.filter(order=OuterRef("order")).values("pk")[:1])
    )
    rows = {Sort.TASK: tasks, Sort.WISH: asked, Sort.EVENT: _sessions(_coming_to(viewer))}
    return _days(rows, first, days, most=most, sort=sort)


def organisations_calendar(
    viewer: User, here: Organisation, first: date, days: int, *, most: int, sort: str = ""
) -> list[CalendarDay]:
    """Return the days with the agreed tasks of the organisation ``here``, the times of its orders that look for
    experts, its own events, and those that ``viewer`` has signed up for; what ``viewer`` may not see is left out.

    Args: as of ``experts_calendar``.
    """
    tasks = Assignment.objects.visible_to(viewer).filter(order__organisation=here).live()
    looking = Order.objects.visible_to(viewer).filter(organisation=here, state__in=LOOKING)
    wishes = OrderTime.objects.filter(order__in=looking.values("pk"))
    arranged = Event.objects.visible_to(viewer).filter(organiser=here)
    events = Q(event__in=arranged.values("pk")) | _coming_to(viewer)
    rows = {Sort.TASK: tasks, Sort.WISH: wishes, Sort.EVENT: _sessions(events)}
    return _days(rows, first, days, most=most, sort=sort)


def _coming_to(viewer: User) -> Q:
    return Q(event__in=SignUp.objects.of(viewer).live().values("event"))


def _sessions(which: Q) -> Any:
    return Session.objects.filter(which, event__state__in=[*OPEN_EVENTS, EventState.HELD])


def _days(
    rows: dict[Sort, Any], first: date, days: int, *, most: int, sort: str
) -> list[CalendarDay]:
    found = {
        day: CalendarDay(day, is_holiday(day))
        for day in (first + timedelta(days=n) for n in range(days))
    }
    for one in OWN_SORTS:
        if sort in OWN_SORTS and one != sort:
            continue
        about = "event" if one == Sort.EVENT else "order"
        whose = "event__organiser" if one == Sort.EVENT else "order__organisation"
        told = first_of_days(rows[one], first, days, most=most)
        for line in told.select_related(about, whose, f"{about}__municipality"):
            day = found[line.on_day]
            day.entries.append(_entry(one, line))
            if line.nth == 1:
                day.left_out += max(0, line.of_day - most)
    for day in found.values():
        day.entries.sort(key=_begins)
    return list(found.values())


def _begins(entry: Entry) -> datetime:
    return known(entry.starts_at)


def _entry(sort: Sort, line: Any) -> Entry:
    about = line.event if sort == Sort.EVENT else line.order
    whose = about.organiser if sort == Sort.EVENT else about.organisation
    is_remote = about.mode == (EventMode.REMOTE if sort == Sort.EVENT else Mode.REMOTE)
    return Entry(
        sort, about.title, line.starts_at, line.ends_at,
        organisation=whose.name if whose else "",
        place=about.municipality.name if about.municipality and not is_remote else "",
        order_id=0 if sort == Sort.EVENT else about.pk,
        event_id=about.pk if sort == Sort.EVENT else 0,
        task_id=line.pk if sort == Sort.TASK else 0,
        offer_id=getattr(line, "asked_in", 0),
    )  # fmt: skip
