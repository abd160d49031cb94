"""Which open calls fit an expert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from luukku.experts.models import Expert
from luukku.orders.actions import MOST_REPEATS

# Tables of other apps: orders_order


@dataclass(frozen=True)
class OpenCall:
    """An open call that fits an expert."""

    order_id: int
    km: int | None
    series_id: int | None


def open_calls(expert: Expert, *, at: datetime, limit: int = 50) -> list[OpenCall]:
    """Return the open calls that fit ``expert``, the soonest first; the same conditions as ``match``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.order_id, c.km, o.series_id"
            " FROM matching_calls(%s, %s, %s) WITH ORDINALITY AS c(order_id, km, nth)"
            " JOIN orders_order o ON o.id = c.order_id ORDER BY c.nth",
            [expert.pk, at, limit],
        )
        return [OpenCall(*row) for row in cursor.fetchall()]


def calls_together(expert: Expert, *, at: datetime, limit: int = 50) -> list[list[OpenCall]]:
    """Return the open calls that fit ``expert``, the soonest first; the dates of a series that fit are one call."""
    together: dict[tuple[int | None, int], list[OpenCall]] = {}
    for call in open_calls(expert, at=at, limit=limit * (MOST_REPEATS + 1)):
        of = call.series_id
        together.setdefault((of, 0 if of else call.order_id), []).append(call)
    return list(together.values())[:limit]
