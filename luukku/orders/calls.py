"""Open calls as lists show them: the dates of a series are one call, and one may sign up to some of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Prefetch
from django.utils.translation import gettext

from luukku.core.times import helsinki, whens
from luukku.orders.models import Order, OrderQuerySet, OrderTime
from luukku.orders.queries import first_start, times_asked, times_told


def calls_to_come(*, at: datetime) -> OrderQuerySet:
    """Return the open calls with a time after ``at``, the newest first, with what anybody may see of them."""
    times = OrderTime.objects.filter(order=OuterRef("pk"), starts_at__gt=at)
    return (
        Order.objects.open_calls(at)
        .filter(Exists(times))
        .select_related("task_type", "municipality")
        .prefetch_related("times")
        .order_by("-id")
    )


def next_call_to_begin(*, at: datetime) -> datetime:
    """Return when time alone may take a call from the list of ``at``: a time begins, or a day ends."""
    day_ends = (helsinki(at) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    times = OrderTime.objects.filter(order__in=Order.objects.open_calls(at), starts_at__gt=at)
    first = times.aggregate(first=Min("starts_at"))["first"]
    return min(first, day_ends) if first else day_ends


def as_listed(calls: OrderQuerySet, *, at: datetime) -> OrderQuerySet:
    """Return the calls as rows, the soonest first: of a series the first one, with the open ones of its series."""
    soonest = (first_start(at=at), "pk")
    dates = calls_to_come(at=at).order_by(*soonest)
    rows = calls.one_a_series().select_related("series").order_by(*soonest)
    return rows.prefetch_related(Prefetch("series__orders", queryset=dates))


def open_dates(call: Order) -> list[Order]:
    """Return the orders that one row of ``as_listed`` stands for, by date."""
    return [call] if call.series is None else list(call.series.orders.all())


def dates_told(orders: Sequence[Order]) -> str:
    """Say the times of one order, or of each date of a series, in one line."""
    if len(orders) == 1:
        return times_told(orders[0])
    asked = [times_asked(one) for one in orders]
    if any(len(times) != 1 for times in asked):
        told = "; ".join(times_told(one) for one in orders)
    else:
        told = whens((time.starts_at, time.ends_at) for (time,) in asked)
    return gettext("%(n)s times: %(line)s") % {"n": len(orders), "line": told}


def open_beside(order: Order, *, at: datetime) -> list[Order]:
    """Return the open calls of the series of ``order`` by date, itself among them; of no series itself alone."""
    if order.series_id is None:
        return [order]
    dates = calls_to_come(at=at).filter(series=order.series_id)
    return list(dates.order_by(first_start(at=at), "pk"))
