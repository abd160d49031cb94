"""What every act on offers and agreed tasks needs: the lock, the reminder, and what may stand in the way.

Locks are taken in one order everywhere: order, offer or assignment, seat, expert. The database's constraints
are the last word on seats and times; here they only get a kind name. The expert's row is locked before a
booking because two bookings that overlap would otherwise wait for each other inside the exclusion constraint.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.notices import (
    Reminder,
)
from luukku.notices.actions import tell
from luukku.orders.models import Order

REMIND_BEFORE = timedelta(days=2)


class NoSeatLeft(Exception):
    """Every seat of the order has an expert already; somebody was faster."""


class AlreadyBooked(Exception):
    """The expert has another agreed task at the same time."""


class TimeNeeded(Exception):
    """The order has several possible times and none was chosen."""


class TooLate(Exception):
    """The time to answer has ended, or the task's own time has passed."""


class NotInBank(Exception):
    """The expert is not in the bank: waiting, left, or without the consent to be suggested."""


class OfferedAlready(Exception):
    """The order is with this expert already."""


def lock(order_id: int) -> Order:
    """Return the order with its row locked until the transaction ends."""
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def remind(assignment: Assignment, reader: User, *, at: datetime) -> None:
    """Plan the reminder of ``reader``, unless the task is too near for one."""
    remind_at = assignment.starts_at - REMIND_BEFORE
    if remind_at > at:
        tell(Reminder(assignment, reader), to=reader, at=at, not_before_at=remind_at)
