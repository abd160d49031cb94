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

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.notices import OfferChanged, OrderChanged, Reminder
from luukku.core.refused import Refused, Words
from luukku.experts.models import Expert
from luukku.notices.actions import plan_all, tell
from luukku.orders.models import Order
from luukku.orders.told import to_orderer
from luukku.workflow.actions import WrongState

REMIND_BEFORE = timedelta(days=2)


class NoSeatLeft(Refused):
    """Every seat of the order has an expert already; somebody was faster."""

    words = _("Every seat has an expert already.")
    is_news = True


class AlreadyBooked(Refused):
    """The expert has another agreed task at the same time."""

    words = _("You have agreed on another task at the same time. Choose another time or say no.")
    words_at_counter = _("The expert has agreed on another task at the same time.")


class EveryDateNeeded(Refused):
    """The same expert is wanted every time: a yes is to every date that is searched for."""

    words = _(
        "The orderer wishes for the same expert every time: a yes is to all the times. If one of"
        " them does not suit you, call the counter before you answer."
    )
    words_at_counter = _(
        "The orderer wishes for the same expert every time: ask for, and write down, all the times"
        " together. If one of them does not suit, call the orderer."
    )


class TimeNeeded(Refused):
    """The order has several possible times and none was chosen."""

    words = _("The times have changed meanwhile. Look whether what is open now suits you.")
    words_at_counter = _("Choose which of the times was agreed.")


class TimesChanged(TimeNeeded):
    """One of the times that suit is none of the order's any more."""

    words = _("The times have changed meanwhile. Which of these suit you?")
    words_at_counter = _("This is not an open call, or its time to sign up has ended.")


class NoTimeSuits(Refused):
    """None of the times that the expert said suit is among the order's times any more."""

    words_at_counter: str | Promise = _(
        "None of the order’s times is one that the expert said suits. Call before you go on."
    )


class TooLate(Refused):
    """The time to answer has ended, or the task's own time has passed."""

    words = _("The time to answer, or the task’s time, has passed.")


def _not_available(expert: Expert) -> Words:
    return _("%(name)s has been asked already or is not available.") % {"name": expert.code_name}


class NotInBank(Refused):
    """The expert is not in the bank: waiting, left, or without the consent to be suggested."""

    words = _("You are not in the expert bank right now. Here you see why.")
    words_at_counter: Words = _(
        "The expert has taken back the consent to be suggested. Call before you go on."
    )

    def __init__(self, expert: Expert | None = None) -> None:
        super().__init__()
        if expert is not None:
            self.words_at_counter = _not_available(expert)


class OfferedAlready(Refused):
    """The order is with this expert already."""

    words = ""  # the task or offer that the expert is led to says it
    is_news = True

    def __init__(self, expert: Expert) -> None:
        super().__init__()
        self.words_at_counter = _not_available(expert)


class CallClosed(WrongState):
    """The order is no open call (any more), or its day to sign up has passed."""

    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self.words = _("This call has just closed. Thank you for being ready!")
        self.words_at_counter = _("This is not an open call, or its time to sign up has ended.")


def lock(order_id: int) -> Order:
    """Return the order with its row locked until the transaction ends."""
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def lock_as_it_is(order_id: int) -> Order:
    """Return the order as ``lock`` does, with its times: what was, once it has been changed."""
    orders = Order.objects.select_for_update(no_key=True).prefetch_related("times")
    return orders.get(pk=order_id)


def lock_orders(order_ids: Iterable[int]) -> list[Order]:
    """Return the orders with their rows locked until the transaction ends, the lowest key first."""
    orders = Order.objects.filter(pk__in=list(order_ids)).order_by("pk")
    return list(orders.select_for_update(no_key=True))


def lock_experts(expert_ids: Iterable[int]) -> dict[int, Expert]:
    """Return the experts with their rows locked until the transaction ends, each by its key."""
    experts = Expert.objects.filter(pk__in=list(expert_ids)).order_by("pk")
    return {expert.pk: expert for expert in experts.select_for_update(no_key=True)}


def remind(assignment: Assignment, reader: User, *, at: datetime) -> None:
    """Plan the reminder of ``reader``, unless the task is too near for one."""
    plan_all(reminders([assignment], reader, at=at), at=at)


def reminders(
    tasks: Iterable[Assignment], reader: User, *, at: datetime
) -> list[tuple[Reminder, User, datetime]]:
    """Return what reminds ``reader`` of each of ``tasks`` and when, but of those that are too near for it."""
    due = [(task, task.starts_at - REMIND_BEFORE) for task in tasks]
    return [(Reminder(task, reader), reader, day) for task, day in due if day > at]


def tell_asked(order: Order, was: Order, changed: frozenset[str], *, at: datetime) -> None:
    """Tell who is asked, or has signed up, and has no answer yet what ``was`` and what is now."""
    offers = order.offers.proposed().select_related("expert__user", "order__municipality")
    for offer in offers.order_by("pk"):
        tell(OfferChanged(offer, was=was, changed=changed, at=at), to=offer.expert.user, at=at)


def tell_changed(order: Order, was: Order, changed: frozenset[str], *, at: datetime) -> None:
    """Tell the orderer what ``was`` and what is now in an order without an agreed task."""
    for reader in to_orderer(order):
        tell(OrderChanged(order, was=was, changed=changed, at=at), to=reader, at=at)
