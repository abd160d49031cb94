"""When each sign of load stands, and how background organisations keep what they have promised."""

from luukku.coping.queries.peers import (
    MOST_INVITED,
    Meetings,
    meetings,
    open_meetings,
    to_invite,
    with_peers,
)
from luukku.coping.queries.promises import (
    TRAININGS,
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
    "MOST_INVITED",
    "TRAININGS",
    "Evidence",
    "Kept",
    "Meetings",
    "PromiseKind",
    "backgrounds",
    "by_talk",
    "days",
    "is_anything_open",
    "is_new",
    "meetings",
    "number",
    "open_meetings",
    "promises_of",
    "rule_of",
    "rule_of_promise",
    "seen_to",
    "stands",
    "to_invite",
    "to_talk",
    "with_peers",
    "with_talks",
]
