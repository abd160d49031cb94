"""Asking, answering, handing over, keeping the promise, and forgetting."""

from luukku.guidance.actions.answering import (
    CannotAssign,
    NewWords,
    add,
    answer,
    assign,
    keep_answer,
    note,
    sort,
)
from luukku.guidance.actions.asking import ask, ask_again, ask_for, close, write
from luukku.guidance.actions.handing import (
    NoConsent,
    NotReady,
    answer_for,
    follow,
    hand_over,
    postpone,
    take_back,
)
from luukku.guidance.actions.keeping import forget_old
from luukku.guidance.actions.lines import load_help_lines
from luukku.guidance.actions.promise import close_quiet, remind

__all__ = [
    "CannotAssign",
    "NewWords",
    "NoConsent",
    "NotReady",
    "add",
    "answer",
    "answer_for",
    "ask",
    "ask_again",
    "ask_for",
    "assign",
    "close",
    "close_quiet",
    "follow",
    "forget_old",
    "hand_over",
    "keep_answer",
    "load_help_lines",
    "note",
    "postpone",
    "remind",
    "sort",
    "take_back",
    "write",
]
