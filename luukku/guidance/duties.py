"""What waits for the counter of questions, and of the lines that people are sent to at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, F, Func, Prefetch, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, day_at
from luukku.core.duty import END_OF_DAY, Called, DutyKind, Waiting
from luukku.core.times import helsinki, instant, working_day
from luukku.guidance.models import CHECK_EVERY, HandOver, HelpLine, Question
from luukku.guidance.queries import opening, to_follow, with_first_message

IN_HURRY = Case(When(hurry_on=None, then=False), default=True)


def called_by(answered_at: datetime) -> datetime:
    """Return by when the asker should have heard the answer: the end of the next working day."""
    return instant(working_day(helsinki(answered_at).date(), 1), END_OF_DAY)


ANSWER = DutyKind("question", _("Answer a question"), page="counter:question")
FOLLOW_UP = DutyKind("follow_up", _("Follow up a question"), page="counter:question")
TELL = DutyKind(
    "tell_asker",
    _("Call the asker and tell the answer"),
    page="counter:question",
    within=called_by,
)
HELP_LINE = DutyKind(
    "help_line",
    _("Check a number for help at once"),
    page="wagtailsnippets_guidance_helpline:edit",
    within=timedelta(days=7, hours=16),
)


@ANSWER.finds
def unanswered(at: Instant) -> Waiting:
    """Questions that wait for an answer, those in a hurry first."""
    rows = Question.objects.waiting().annotate(is_hurried=IN_HURRY)
    return Waiting(rows, since="state_changed_at", due="due_on", is_first="is_hurried")


@ANSWER.calls
def first_words(keys: Collection[int]) -> dict[int, Called]:
    """The question's number and its first words."""
    rows: Any = Question.objects.filter(pk__in=keys).prefetch_related(with_first_message())
    return {row.pk: Called(f"{row.pk} · {opening(row)}") for row in rows}


@FOLLOW_UP.finds
def handed_over(at: Instant) -> Waiting:
    """Questions given to somebody else that are to be asked after."""
    hurried = Case(When(question__hurry_on=None, then=False), default=True)
    rows = to_follow(at=at).annotate(is_hurried=hurried)
    return Waiting(rows, since="at", key="question_id", due="follow_on", is_first="is_hurried")


@FOLLOW_UP.calls
def to_whom(keys: Collection[int]) -> dict[int, Called]:
    """The question's number and first words, and to whom it went."""
    begun = Prefetch("question", Question.objects.prefetch_related(with_first_message()))
    rows: Any = (
        HandOver.objects.filter(question__in=keys, ended_at=None)
        .select_related("organisation")
        .prefetch_related(begun)
    )
    return {
        row.question_id: Called(f"{row.question_id} · {opening(row.question)} · {row.to_name}")
        for row in rows
    }


@TELL.finds
def answered_by_others(at: Instant) -> Waiting:
    """Questions that an organisation has answered, of askers who have only a phone."""
    return Waiting(Question.objects.to_call(), since="state_changed_at")


@TELL.calls
def whom_to_call(keys: Collection[int]) -> dict[int, Called]:
    """The question's number and first words, and who is called."""
    rows: Any = Question.objects.filter(pk__in=keys).prefetch_related(with_first_message())
    return {row.pk: Called(f"{row.pk} · {opening(row)}", row.name, row.phone) for row in rows}


@HELP_LINE.finds
def unchecked_lines(at: Instant) -> Waiting:
    """Lines for help at once whose number nobody has checked within a year, or since they were added."""
    day = Coalesce(
        F("checked_on") + Value(CHECK_EVERY), F("added_on"), output_field=DateTimeField()
    )
    since = Func(Value("Europe/Helsinki"), day, function="timezone", output_field=DateTimeField())
    return Waiting(HelpLine.objects.unchecked(day_at(at)), since=since)


@HELP_LINE.calls
def line_names(keys: Collection[int]) -> dict[int, Called]:
    """The line's name."""
    return {line.pk: Called(str(line)) for line in HelpLine.objects.filter(pk__in=keys)}
