"""What waits for the counter of questions, and of the lines that people are sent to at once."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.core.duty import END_OF_DAY, MOST_ROWS, Duty, DutyKind
from luukku.core.times import helsinki, instant
from luukku.guidance.models import CHECK_EVERY, HelpLine, Question
from luukku.guidance.queries import to_follow

ANSWER = DutyKind("question", _("Answer a question"), page="counter:question")
FOLLOW_UP = DutyKind("follow_up", _("Follow up a question"), page="counter:question")
HELP_LINE = DutyKind(
    "help_line",
    _("Check a number for help at once"),
    page="wagtailsnippets_guidance_helpline:edit",
    within=timedelta(days=7),
)


@ANSWER.finds
def unanswered(at: datetime) -> Iterator[Duty]:
    """Questions that wait for an answer, those in a hurry first."""
    for question in Question.objects.waiting().select_related("assignee")[:MOST_ROWS]:
        whose = question.assignee
        yield ANSWER.duty(
            question.pk,
            f"{question.title} · {whose.name}" if whose else question.title,
            since=question.state_changed_at,
            due=instant(question.due_on, END_OF_DAY) if question.due_on else None,
            is_first=question.hurry_on is not None,
        )


@FOLLOW_UP.finds
def handed_over(at: datetime) -> Iterator[Duty]:
    """Questions given to somebody else that are to be asked after."""
    for given in to_follow(at=at)[:MOST_ROWS]:
        yield FOLLOW_UP.duty(
            given.question_id,
            f"{given.question.title} · {given.to_name}",
            since=given.at,
            due=instant(given.follow_on, END_OF_DAY),
            is_first=given.question.hurry_on is not None,
        )


@HELP_LINE.finds
def unchecked_lines(at: datetime) -> Iterator[Duty]:
    """Lines for help at once whose number nobody has checked within a year, or since they were added."""
    for line in HelpLine.objects.unchecked(helsinki(at).date())[:MOST_ROWS]:
        day = line.checked_on + CHECK_EVERY if line.checked_on else line.added_on
        yield HELP_LINE.duty(line.pk, str(line), since=instant(day, time(8)))
