"""Why an expert of a spec document is asked: what the match says of them, as the counter would see it then."""

from __future__ import annotations

from datetime import datetime

from luukku.core.document import REASONS
from luukku.experts.models import Expert
from luukku.matching.queries import match
from luukku.orders.models import Order

DEPTH = 50  # whoever stands further down is asked for reasons of the counter's own


@REASONS.append
def reasons(order: Order, expert: Expert, at: datetime) -> list[str]:
    """Return the reasons of the expert's place among the candidates, none for who is not among them."""
    candidates = match(order, at=at, limit=DEPTH).candidates
    return next((one.reasons for one in candidates if one.expert_id == expert.pk), [])
