"""When an expert can come: weekly times, exceptions, breaks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.experts.actions.common import behind, locked, note_edit, require
from luukku.experts.models import AvailabilityException, Expert, WeeklySlot

Slot = tuple[int, time, time]


def by_day(slots: Iterable[Slot]) -> list[Slot]:
    """Return ``slots`` (weekday 0–6, from, to), those that go on after midnight parted there."""
    parted: list[Slot] = []
    for day, starts, ends in slots:
        if starts < ends or ends == time(0):
            parted.append((day, starts, ends))
        else:
            parted += [(day, starts, time(0)), ((day + 1) % 7, time(0), ends)]
    return parted


def set_availability(
    expert: Expert,
    *,
    slots: Iterable[Slot],
    exceptions: Iterable[tuple[date, date, bool]],
    by: User,
    at: datetime,
) -> None:
    """Make ``slots`` (weekday 0–6, from, to) and ``exceptions`` (first, last, free) the whole calendar.

    A slot whose end is not after its start goes on into the next day.
    """
    require("experts.edit", expert, by)
    with transaction.atomic():
        expert = locked(expert)
        expert.weekly_slots.all().delete()
        expert.exceptions.all().delete()
        WeeklySlot.objects.bulk_create(
            [
                WeeklySlot(expert=expert, weekday=day, starts=starts, ends=ends)
                for day, starts, ends in by_day(slots)
            ]
        )
        AvailabilityException.objects.bulk_create(
            [
                AvailabilityException(
                    expert=expert, starts_on=first, ends_on=last, is_available=free
                )
                for first, last, free in exceptions
            ]
        )
        note_edit(expert, ["availability"], by=by, at=at)


def pause(expert: Expert, *, until: date | None = None, by: User, at: datetime) -> Expert:
    """Put the expert on a break, with or without an end; no new task is offered meanwhile."""
    return _set_break(expert, is_paused=True, until=until, by=by, at=at)


def resume(expert: Expert, *, by: User, at: datetime) -> Expert:
    """End the break."""
    return _set_break(expert, is_paused=False, until=None, by=by, at=at)


def _set_break(
    expert: Expert, *, is_paused: bool, until: date | None, by: User, at: datetime
) -> Expert:
    require("experts.edit", expert, by)
    with transaction.atomic():
        expert.is_paused, expert.paused_until = is_paused, until
        expert.save(update_fields=["is_paused", "paused_until"])
        act = "experts.pause" if is_paused else "experts.resume"
        record(act, by=by, about=expert, at=at, on_behalf_of=behind(expert, by))
    return expert
