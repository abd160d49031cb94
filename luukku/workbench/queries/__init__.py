"""What the counter's tools tell: who does what, and the day's work."""

from luukku.workbench.queries.day import Day, Group, Row, Tally, Whose, day_of
from luukku.workbench.queries.taken import (
    OF_QUESTIONS,
    Key,
    assignees,
    by_kind,
    question_keys,
    rows_of,
    whose,
)

__all__ = [
    "OF_QUESTIONS",
    "Day",
    "Group",
    "Key",
    "Row",
    "Tally",
    "Whose",
    "assignees",
    "by_kind",
    "day_of",
    "question_keys",
    "rows_of",
    "whose",
]
