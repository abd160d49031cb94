"""What the counter's tools tell: who does what, the day's work, which accounts and organisations became one."""

from luukku.workbench.queries.awaited import (
    REMIND_DAYS,
    Awaited,
    Reminders,
    Skipped,
    reminders_of,
)
from luukku.workbench.queries.behind import Behind, OnOrders, fitting, orders_behind
from luukku.workbench.queries.calendar import CalendarDay, Entry, Sort, calendar
from luukku.workbench.queries.day import Day, Group, Row, Tally, Whose, day_of
from luukku.workbench.queries.deadlines import deadlines, due_day
from luukku.workbench.queries.finding import Hits, Section, find, jump, nearest
from luukku.workbench.queries.joining import joinings_of
from luukku.workbench.queries.merging import MOVES, history_of, merges_of, why_not_merged
from luukku.workbench.queries.own_calendar import (
    OWN_SORTS,
    experts_calendar,
    organisations_calendar,
)
from luukku.workbench.queries.room import Room
from luukku.workbench.queries.saving import saved_filters
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
    "MOVES",
    "OF_QUESTIONS",
    "OWN_SORTS",
    "REMIND_DAYS",
    "Awaited",
    "Behind",
    "CalendarDay",
    "Day",
    "Entry",
    "Group",
    "Hits",
    "Key",
    "OnOrders",
    "Reminders",
    "Room",
    "Row",
    "Section",
    "Skipped",
    "Sort",
    "Tally",
    "Whose",
    "assignees",
    "by_kind",
    "calendar",
    "day_of",
    "deadlines",
    "due_day",
    "experts_calendar",
    "find",
    "fitting",
    "history_of",
    "joinings_of",
    "jump",
    "merges_of",
    "nearest",
    "orders_behind",
    "organisations_calendar",
    "question_keys",
    "reminders_of",
    "rows_of",
    "saved_filters",
    "whose",
    "why_not_merged",
]
