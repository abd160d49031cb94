"""What is known of remote readiness and of equipment that is lent."""

from luukku.readiness.queries.lending import (
    can_borrow,
    fetch_of_last,
    has_devices,
    is_remote_task,
    kinds_to_borrow,
    lender_people,
    lenders_for,
    longer_at_most,
    spans_taken,
    tasks_to_borrow_for,
    the_task,
    told_days,
)
from luukku.readiness.queries.trying import (
    Connection,
    connection_of,
    is_remote,
    may_be_tried,
    practices,
    to_learn_from,
    tried_by,
    tried_words,
)

__all__ = [
    "Connection",
    "can_borrow",
    "connection_of",
    "fetch_of_last",
    "has_devices",
    "is_remote",
    "is_remote_task",
    "kinds_to_borrow",
    "lender_people",
    "lenders_for",
    "longer_at_most",
    "may_be_tried",
    "practices",
    "spans_taken",
    "tasks_to_borrow_for",
    "the_task",
    "to_learn_from",
    "told_days",
    "tried_by",
    "tried_words",
]
