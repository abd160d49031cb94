"""Questions and their threads, ready answers, and lines to call at once."""

from luukku.guidance.models.answers import CannedAnswer
from luukku.guidance.models.help_lines import CHECK_EVERY, PHONE, SIGNS, HelpLine, HelpLineQuerySet
from luukku.guidance.models.question import (
    ANSWERING,
    HURRIED_FIRST,
    KEEP,
    ClosedAs,
    HandOver,
    Kind,
    Question,
    QuestionQuerySet,
    Side,
    Topic,
)
from luukku.guidance.models.thread import Message, Note

__all__ = [
    "ANSWERING",
    "CHECK_EVERY",
    "HURRIED_FIRST",
    "KEEP",
    "PHONE",
    "SIGNS",
    "CannedAnswer",
    "ClosedAs",
    "HandOver",
    "HelpLine",
    "HelpLineQuerySet",
    "Kind",
    "Message",
    "Note",
    "Question",
    "QuestionQuerySet",
    "Side",
    "Topic",
]
