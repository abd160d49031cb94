"""Drafts that nobody goes on with are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.orders.models import LINK_AGE, GuestSender, Order, OrderQuerySet
from luukku.orders.states import OrderState

DRAFT_AGE = timedelta(days=30)
EMPTY_AGE = timedelta(days=1)


def forget_guests(*, at: datetime) -> int:
    """Delete the guests' drafts that nobody has confirmed in 30 days; return how many.

    A sender whose place another took is forgotten when the link is too old to be opened.
    """
    GuestSender.objects.filter(order=None, asked_at__lte=at - LINK_AGE).delete()
    stale = Order.objects.filter(
        state=OrderState.DRAFT, contact=None, organisation=None, made_at__lte=at - DRAFT_AGE
    )
    return _forget(stale.exclude(guest__asked_at__gt=at - LINK_AGE), at=at)


def forget_empty(*, at: datetime) -> int:
    """Delete drafts begun over a day ago in which nothing has been written; return how many.

    Those begun for a caller stay: the counter's queue has them until they are sent or thrown away.
    """
    empty = Order.objects.in_state(OrderState.DRAFT).filter(
        made_at__lte=at - EMPTY_AGE,
        title="",
        goal="",
        expert_does="",
        audience="",
        municipality=None,
        payment="",
        copied_from=None,
        guest=None,
        times=None,
        order_themes=None,
    )
    for_callers = Order.objects.begun_for_somebody().values("pk")
    return _forget(empty.exclude(pk__in=for_callers), at=at)


def _forget(orders: OrderQuerySet, *, at: datetime) -> int:
    machine, count = User.objects.machine(), 0
    for pk in orders.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Somebody goes on with it at this very moment: then it stays.
            order = orders.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
            if order is None:
                continue
            record("orders.forget", by=machine, about=order, at=at)
            order.delete()
        count += 1
    return count
