"""Events that repeat: each date is an event of its own, and an act on a series is the single act on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from luukku.accounts.models import User
from luukku.core.fields import editable
from luukku.core.refused import Refused
from luukku.core.times import days_later, helsinki
from luukku.events.actions.arranging import ask, cancel, edit, make, publish
from luukku.events.actions.signing import sign_up
from luukku.events.actions.times import Time, set_times
from luukku.events.models import Event, EventQuerySet, How, Series, SignUp
from luukku.events.queries import in_one_form, later_than
from luukku.events.refusals import DaysTaken, NoTimes, NotRepeated
from luukku.events.states import REPEAT, EventState
from luukku.workflow.actions import acting

MOMENTS = ("opens_at", "closes_at", "promote_until")  # each follows the day of its event
OWN = frozenset({"organiser", "responsible", "series", "decide_on", *MOMENTS})


def repeat(event: Event, days: Sequence[date], *, by: User, at: datetime) -> list[Event]:
    """Hold ``event`` on each of ``days`` as well, as drafts of one series, at the same hours by the clock.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been held or cancelled.
        NoTimes: it has no time yet; NotRepeated: it is a training, which one applies for.
        DaysTaken: the series has an event on one of the days.
    """
    with acting(event, REPEAT, by=by, at=at, data={"days": len(days)}) as event:
        if event.starts_at is None:
            raise NoTimes
        if event.how == How.APPLICATION:
            raise NotRepeated
        if event.series is None:
            titles = {name: getattr(event, name) for name in ("title_fi", "title_sv", "title_en")}
            event.series = Series.objects.create(organiser=event.organiser, made_at=at, **titles)
            event.save(update_fields=["series"])
        starts = event.series.events.exclude(state=EventState.CANCELLED).values_list(
            "starts_at", flat=True
        )
        if {helsinki(start).date() for start in starts if start} & set(days):
            raise DaysTaken
        first = helsinki(event.starts_at).date()
        return [_copy(event, day - first, by=by, at=at) for day in sorted(set(days))]


def _copy(event: Event, step: timedelta, *, by: User, at: datetime) -> Event:
    """Make a draft of the same, ``step`` days later."""
    fields: dict[str, Any] = {
        name: getattr(event, name)
        for name in editable(Event) - {"organiser", "decide_on", *MOMENTS}
    }
    for name in MOMENTS:
        moment = getattr(event, name)
        fields[name] = days_later(moment, step) if moment else None
    fields["decide_on"] = event.decide_on + step if event.decide_on else None
    made = make(event.organiser, by=by, at=at, **fields)
    asked = [model_to_dict(one, exclude=["id", "event", "number"]) for one in event.questions.all()]
    ask(made, asked, by=by, at=at)
    times = [
        Time(days_later(one.starts_at, step), days_later(one.ends_at, step), one.place)
        for one in event.sessions.all()
    ]
    return set_times(made, times, by=by, at=at)


def publish_series(event: Event, *, by: User, at: datetime) -> int:
    """Publish each draft of the event's series that is still to come; return how many.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
    """
    with transaction.atomic():
        _lock(event)
        drafts = list(_still_open(event, at).filter(state=EventState.DRAFT))
        for draft in drafts:
            publish(draft, by=by, at=at)
    return len(drafts)


def edit_coming(event: Event, *, by: User, at: datetime, **fields: Any) -> int:
    """Change ``event``, and what changed in it also in those of its series that come after it; return how many.

    The days on which signing up begins and ends stay each event's own.

    Raises:
        PermissionDenied, WrongState, TooFewPlaces: as in ``edit``; nothing has changed in any of them.
    """
    with transaction.atomic():
        _lock(event)
        event = Event.objects.get(pk=event.pk)
        new = {
            name: value
            for name, value in fields.items()
            if name not in OWN and value != getattr(event, name)
        }
        edit(event, by=by, at=at, **fields)
        coming = list(later_than(event, at=at))
        for later in coming if new else []:
            edit(later, by=by, at=at, **new)
    return len(coming) if new else 0


def cancel_rest(event: Event, *, by: User, at: datetime, reason: str = "") -> int:
    """Call off each event of the series that has not begun; return how many.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
    """
    with transaction.atomic():
        _lock(event)
        rest = list(_still_open(event, at))
        for one in rest:
            cancel(one, by=by, at=at, reason=reason)
    return len(rest)


def sign_up_all(event: Event, *, by: User, at: datetime) -> tuple[list[SignUp], list[Event]]:
    """Sign ``by`` up for each event of the series that comes; return the sign-ups, and where it was refused.

    An event that asks something is left for its own form.
    """
    done: list[SignUp] = []
    left: list[Event] = []
    with transaction.atomic():
        _lock(event)  # all of them before anybody's bookings: see ``common``
        for one in in_one_form(event, at=at):
            try:
                done.append(sign_up(one, by=by, at=at))
            except Refused:
                left.append(one)
    return done, left


def _lock(event: Event) -> None:
    """Lock the series' events until the transaction ends, the lowest key first."""
    rows = Event.objects.of_series(event).select_for_update(no_key=True).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _still_open(event: Event, at: datetime) -> EventQuerySet:
    return Event.objects.of_series(event).still_open(at)
