"""What we know of programmes, runs and applications."""

from luukku.training.queries.applying import (
    ENOUGH,
    barriers_of,
    has_second,
    hours_marked,
    hours_suggested,
    is_enough,
    own_application,
    seconds_for,
    why_not_apply,
)
from luukku.training.queries.comparing import ALIKE, Comparison, comparison

__all__ = [
    "ALIKE",
    "ENOUGH",
    "Comparison",
    "barriers_of",
    "comparison",
    "has_second",
    "hours_marked",
    "hours_suggested",
    "is_enough",
    "own_application",
    "seconds_for",
    "why_not_apply",
]
