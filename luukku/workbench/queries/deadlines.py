"""By when somebody at the counter does the next thing to an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, DateField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from luukku.core.due_days import with_due_day
from luukku.core.duty import among
from luukku.orders.models import Order
from luukku.orders.states import OrderState

# The duties that move an order on, by the state in which it waits for them.
MOVING = {
    OrderState.SENT: ("order",),
    OrderState.ACCEPTED: ("search",),
    OrderState.SEARCHING: ("staffing", "replacement"),
}


def deadlines(orders: Iterable[Order], *, at: datetime) -> dict[int, datetime]:
    """Return the deadline of each of ``orders`` that the counter is to move on, by its key; four queries at most."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for order in orders:
        for kind in MOVING.get(OrderState(order.state), ()):
            of_kind[kind].append(order.pk)
    return {duty.pk: duty.due for duty in reversed(among(of_kind, at=at))}


def due_day(*, at: datetime) -> Case:
    """Return what to order orders by, so that they come by the day of the deadline that ``deadlines`` tells."""
    nothing = Value(None, output_field=DateField())

    def of(kind: str) -> Subquery:
        return Subquery(with_due_day(kind, at=at).filter(pk=OuterRef("pk")).values("due_day")[:1])

    return Case(
        *(When(state=one, then=Coalesce(*map(of, kinds), nothing)) for one, kinds in MOVING.items())
    )
