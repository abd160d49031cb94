"""What waits for the counter of questions, and of the lines that people are sent to at once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Func, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, day_at, objects_once, with_keys
from luukku.core.duty import END_OF_DAY, Called, DutyKind, Waiting
from luukku.core.times import helsinki, instant, working_day
from luukku.guidance.models import CHECK_EVERY, HandOver, HelpLine, Question
from luukku.guidance.queries import begun, opening, to_follow

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
    return {row.pk: Called(f"{row.pk} · {opening(row)}") for row in begun(keys)}


@FOLLOW_UP.finds
def handed_over(at: Instant) -> Waiting:
    """Questions given to somebody else that are to be asked after."""
    hurried = Case(When(question__hurry_on=None, then=False), default=True)
    rows = to_follow(at=at).annotate(is_hurried=hurried)
    return Waiting(rows, since="at", key="question_id", due="follow_on", is_first="is_hurried")


@FOLLOW_UP.calls
def to_whom(keys: Collection[int]) -> dict[int, Called]:
    """The question's number and first words, and to whom it went."""
    to = {row.question_id: row.to_name for row in _handed(keys=list(keys))}
    return {
        row.pk: Called(f"{row.pk} · {opening(row)} · {to[row.pk]}")
        for row in begun(keys)
        if row.pk in to
    }


@objects_once
def _handed() -> QuerySet[HandOver]:
    rows = HandOver.objects.filter(with_keys("question_id"), ended_at=None)
    return rows.select_related("organisation").only(
        "question", "organisation__name", "outside_name"
    )


@TELL.finds
def answered_by_others(at: Instant) -> Waiting:
    """Questions that an organisation has answered, of askers who have only a phone."""
    return Waiting(Question.objects.to_call(), since="state_changed_at")


@TELL.calls
def whom_to_call(keys: Collection[int]) -> dict[int, Called]:
    """The question's number and first words, and who is called."""
    return {
        row.pk: Called(f"{row.pk} · {opening(row)}", row.name, row.phone) for row in begun(keys)
    }


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
    return {line.pk: Called(str(line)) for line in _lines(keys=list(keys))}


@objects_once
def _lines() -> QuerySet[HelpLine]:
    return HelpLine.objects.filter(with_keys())
