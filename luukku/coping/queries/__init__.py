"""When each sign of load stands, and how background organisations keep what they have promised."""

from luukku.coping.queries.promises import (
    Kept,
    PromiseKind,
    backgrounds,
    by_talk,
    is_anything_open,
    promises_of,
    rule_of_promise,
    to_talk,
    with_talks,
)
from luukku.coping.queries.signs import Evidence, days, is_new, number, rule_of, seen_to, stands

__all__ = [
    "Evidence",
    "Kept",
    "PromiseKind",
    "backgrounds",
    "by_talk",
    "days",
    "is_anything_open",
    "is_new",
    "number",
    "promises_of",
    "rule_of",
    "rule_of_promise",
    "seen_to",
    "stands",
    "to_talk",
    "with_talks",
]
