"""Reading the dates of a series: each is an order of its own; together they concern one expert."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from luukku.assignments.models import Assignment, Offer, Origin
from luukku.assignments.states import AssignmentState, OfferState
from luukku.experts.models import Expert
from luukku.orders.calls import calls_to_come
from luukku.orders.models import Order
from luukku.orders.queries import going_on_beside, times_asked, wanted_on
from luukku.orders.states import OrderState


def offers_together(offer: Offer) -> list[Offer]:
    """Return what was offered to the expert of ``offer`` of the same series, by date: the last offer of each order.

    Of an order that belongs to no series, or of a sign-up, ``offer`` alone.
    """
    series_id = offer.order.series_id
    if series_id is None or offer.origin == Origin.SIGNED_UP:
        return [offer]
    same = Offer.objects.filter(expert=offer.expert_id, order__series=series_id)
    offers = (
        same.exclude(origin=Origin.SIGNED_UP)
        .select_related("order__task_type", "order__municipality", "order__organisation")
        .select_related("order__unit", "order__series", "expert__user", "assignment")
        .prefetch_related("order__times")
        .order_by("pk")
    )
    last = {one.order_id: one for one in offers}
    return sorted(last.values(), key=lambda one: _by_day(one.order))


def dates_beside(order: Order, expert: Expert | None, *, at: datetime) -> list[Order]:
    """Return the other orders of the series that are ahead at ``at``, by date: those that concern ``expert``.

    They are those that the expert thinks of, has signed up to or comes to; of None, all that go on.
    """
    orders = going_on_beside(order)
    if expert is not None:
        asked = Offer.objects.filter(
            Q(state=OfferState.PROPOSED) | Q(assignment__state=AssignmentState.AGREED),
            expert=expert,
        )
        orders = orders.filter(pk__in=asked.values("order"))
    ahead = [one for one in orders if any(time.starts_at > at for time in times_asked(one))]
    return sorted(ahead, key=_by_day)


def dates_searched(order: Order, expert: Expert, *, at: datetime) -> set[int]:
    """Return the orders of the series of ``order`` that look for an expert and have not agreed on this one."""
    taken = Assignment.objects.live().filter(order=OuterRef("pk"), expert=expert)
    searched = Order.objects.in_state(OrderState.SEARCHING).filter(
        ~Exists(taken), series=order.series_id, times__starts_at__gt=at
    )
    return set(searched.values_list("pk", flat=True))


def by_series(offers: Iterable[Offer]) -> list[list[Offer]]:
    """Return ``offers`` in their order, those to the dates of one series together, by date."""
    grouped: dict[tuple[int | None, int], list[Offer]] = {}
    for one in offers:
        series = one.order.series_id
        grouped.setdefault((series, 0 if series else one.pk), []).append(one)
    return [sorted(its, key=lambda one: _by_day(one.order)) for its in grouped.values()]


def call_dates(order: Order, expert: Expert, *, at: datetime) -> list[Order]:
    """Return what ``expert`` sees beside the call ``order``, by date: the series' open calls and own sign-ups."""
    if order.series_id is None:
        return [order]
    mine = Q(offers__expert=expert, offers__origin=Origin.SIGNED_UP)
    calls = Order.objects.filter(
        Q(pk=order.pk) | mine | Q(pk__in=calls_to_come(at=at).values("pk")),
        series=order.series_id,
    )
    rows = calls.distinct().select_related("task_type", "municipality", "organisation", "unit")
    return sorted(rows.prefetch_related("times"), key=_by_day)


def _by_day(order: Order) -> tuple[date, int]:
    return wanted_on(order) or date.max, order.pk
