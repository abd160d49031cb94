"""What every act on offers and agreed tasks needs: the lock, the reminder, and what may stand in the way.

Locks are taken in one order everywhere: organisation, person, order, offer or assignment, seat, expert, letter;
several of a kind by their keys, lowest first. The triggers of matching count: whatever changes a task, a consent,
feedback or a part of a profile locks its expert. So an act on the tasks of several experts locks these experts
first (``lock_experts``). The chain of audit events is sealed at commit, the last lock of all.
What an act decides by is read after the lock: objects that are passed in may be old.

The database's constraints are the last word on seats and times; here they only get a kind name. The expert's
row is locked before a booking because two bookings that overlap would otherwise wait for each other inside the
exclusion constraint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.notices import (
    Reminder,
)
from luukku.experts.models import Expert
from luukku.notices.actions import tell
from luukku.orders.models import Order

REMIND_BEFORE = timedelta(days=2)


class NoSeatLeft(Exception):
    """Every seat of the order has an expert already; somebody was faster."""


class AlreadyBooked(Exception):
    """The expert has another agreed task at the same time."""


class TimeNeeded(Exception):
    """The order has several possible times and none was chosen."""


class NoTimeSuits(Exception):
    """None of the times that the expert said suit is among the order's times any more."""


class TooLate(Exception):
    """The time to answer has ended, or the task's own time has passed."""


class NotInBank(Exception):
    """The expert is not in the bank: waiting, left, or without the consent to be suggested."""


class OfferedAlready(Exception):
    """The order is with this expert already."""


def lock(order_id: int) -> Order:
    """Return the order with its row locked until the transaction ends."""
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def lock_experts(expert_ids: Iterable[int]) -> dict[int, Expert]:
    """Return the experts with their rows locked until the transaction ends, each by its key."""
    experts = Expert.objects.filter(pk__in=list(expert_ids)).order_by("pk")
    return {expert.pk: expert for expert in experts.select_for_update(no_key=True)}


def remind(assignment: Assignment, reader: User, *, at: datetime) -> None:
    """Plan the reminder of ``reader``, unless the task is too near for one."""
    remind_at = assignment.starts_at - REMIND_BEFORE
    if remind_at > at:
        tell(Reminder(assignment, reader), to=reader, at=at, not_before_at=remind_at)
