"""Soft warnings about times: said where one can still change them, and to whoever looks for an expert."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from luukku.assignments.notices import when
from luukku.orders.models import Order
from luukku.orders.odd import odd_about
from luukku.orders.queries import times_asked


def odd_times(order: Order, *, at: datetime) -> list[str]:
    """Return a line for each time of ``order`` about which something is odd."""
    return odd_lines(((row.starts_at, row.ends_at) for row in times_asked(order)), at=at)


def odd_lines(times: Iterable[tuple[datetime, datetime]], *, at: datetime) -> list[str]:
    """Return a line for each of ``times`` (start, end) about which something is odd; nothing is refused."""
    said = []
    for starts_at, ends_at in times:
        odd = odd_about(starts_at, ends_at, at=at) if starts_at > at else [_("It has passed.")]
        if odd:
            said.append(f"{when(starts_at, ends_at)}: {' '.join(map(str, odd))}")
    return said
