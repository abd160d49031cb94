"""Soft warnings about times: said where one can still change them, and to whoever looks for an expert."""

from __future__ import annotations

from datetime import datetime

from luukku.assignments.notices import when
from luukku.orders.models import Order
from luukku.orders.queries import odd_about


def odd_times(order: Order, *, at: datetime) -> list[str]:
    """Return a line for each coming time of ``order`` about which something is odd."""
    said = []
    for row in order.times.all():
        words = [] if row.is_past(at) else odd_about(row.starts_at, row.ends_at, at=at)
        if words:
            said.append(f"{when(row.starts_at, row.ends_at)}: {' '.join(map(str, words))}")
    return said
