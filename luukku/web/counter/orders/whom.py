"""Who fits an order, or the dates of its series that are searched for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from luukku.assignments.notices import when
from luukku.assignments.queries import times_to_choose
from luukku.matching.queries import Candidate, Match, for_matching, match, match_dates
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.readiness.queries import is_remote, tried_by, tried_words


@dataclass(frozen=True)
class CandidateRow:
    """One expert to ask; ``dates``: how many of the dates fit, of how many; 0 of 0 where there is only one.

    Attributes:
        no_calls: the page asks to call first, and the expert has not said yes to calls.
        tried: of a remote order whether the expert has tried the connection; nothing is ordered by it.
    """

    candidate: Candidate
    dates: int = 0
    of: int = 0
    no_calls: bool = False
    tried: str = ""


def searched_beside(order: Order) -> list[Order]:
    """Return the other dates of the series of ``order`` that an expert is searched for; none while it is not itself."""
    if order.series_id is None or order.state != OrderState.SEARCHING:
        return []
    others = for_matching().filter(series=order.series_id, state=OrderState.SEARCHING)
    return list(others.exclude(pk=order.pk).order_by("pk"))


def told_times(orders: Iterable[Order], *, at: datetime) -> str:
    """Return in words the times of ``orders`` that can still be chosen: what an expert is asked for."""
    times = [time for one in orders for time in times_to_choose(one, at=at)]
    return "; ".join(when(time.starts_at, time.ends_at) for time in times)


def candidates_for(
    order: Order, beside: list[Order], *, at: datetime, matched: Match | None = None
) -> list[CandidateRow]:
    """Return whom to ask: where the same expert is wanted every time, only those whom every date fits.

    Args:
        found: what ``match`` of ``order`` has found already.
    """
    if not beside:
        candidates = (matched or match(order, at=at)).candidates
        return [CandidateRow(one) for one in candidates]
    dates = sorted([order, *beside], key=lambda one: one.pk)
    rows = [CandidateRow(one, n, len(dates)) for one, n in match_dates(dates, at=at)]
    is_one_expert = order.series is not None and order.series.is_one_expert
    return [row for row in rows if row.dates == row.of or not is_one_expert]


def with_tried(order: Order, rows: list[CandidateRow]) -> list[CandidateRow]:
    """Add in words to each of ``rows`` of a remote order whether the expert has tried the connection; one query."""
    if not is_remote(order) or not rows:
        return rows
    tried = tried_by([row.candidate.expert_id for row in rows])
    return [replace(row, tried=tried_words(tried.get(row.candidate.expert_id))) for row in rows]
