"""What we know of questions, hand-overs and the answers that are given again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator

from luukku.accounts.models import Role, User
from luukku.core.compiled import Instant, day_at, objects_once, with_keys
from luukku.core.ordering import in_finnish
from luukku.guidance.codes import fingerprint
from luukku.guidance.models import CannedAnswer, HandOver, Message, Question
from luukku.notices.models import Letter
from luukku.organisations.models import Organisation

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ANSWERED = "guidance.answered"  # the letter that tells of an answer


def behind_code(code: str) -> Question | None:
    """Return the question that ``code`` opens, however it was typed."""
    return Question.objects.filter(code_mark=fingerprint(code)).first()


def questions_told_by(letters: Iterable[Letter]) -> dict[int, int]:
    """Return by letter the question whose answer it tells of: the answer itself is in the thread only."""
    told = {}
    for letter in letters:
        kind, _colon, rest = letter.key.partition(":")
        if kind == ANSWERED:
            told[letter.pk] = int(rest.split(":")[0])
    there = set(Question.objects.filter(pk__in=told.values()).values_list("pk", flat=True))
    return {letter: question for letter, question in told.items() if question in there}


OPENING = 80


def with_first_message() -> models.Prefetch:
    """Return what gives each question ``first``, a list of the message with which it began."""
    rows = Message.objects.order_by("question_id", "pk").distinct("question_id")
    return models.Prefetch("messages", queryset=rows, to_attr="first")


def begun(keys: Collection[int]) -> list[Any]:
    """Return the questions with these keys, each with ``first`` as ``with_first_message`` gives it."""
    first = {message.question_id: [message] for message in _first_messages(keys=list(keys))}
    questions: list[Any] = _questions(keys=list(keys))
    for question in questions:
        question.first = first.get(question.pk, [])
    return questions


@objects_once
def _questions() -> models.QuerySet[Question]:
    return Question.objects.filter(with_keys()).only("kind", "topic", "name", "phone")


@objects_once
def _first_messages() -> models.QuerySet[Message]:
    rows = Message.objects.filter(with_keys("question_id")).only("question", "words")
    return rows.order_by("question_id", "pk").distinct("question_id")


class _Begun(TypedDict):
    first: list[Message]


def opening(question: WithAnnotations[Question, _Begun]) -> str:
    """Return how a question with its ``first`` message begins, for a line at the counter: 80 signs at the most."""
    words = " ".join(" ".join(message.words for message in question.first).split())
    return Truncator(words).chars(OPENING) or question.title


def thread_of(question: Question) -> list[Message | HandOver]:
    """Return what an asker may read: messages and hand-overs, oldest first, without internal notes."""
    said = list(question.messages.select_related("organisation"))
    given = list(question.hand_overs.select_related("organisation"))
    return sorted([*said, *given], key=lambda row: (row.at, isinstance(row, HandOver)))


def open_hand_over(question: Question) -> HandOver | None:
    """Return the hand-over that holds the question now."""
    return (
        HandOver.objects.select_related("organisation")
        .filter(question=question, ended_at=None)
        .first()
    )


def to_follow(*, at: Instant) -> models.QuerySet[HandOver]:
    """Return the hand-overs whose day has come, or whose question is in a hurry: has the asker got an answer?"""
    has_come = Q(follow_on__lte=day_at(at)) | Q(question__hurry_on__isnull=False)
    return (
        HandOver.objects.filter(has_come, ended_at=None)
        .select_related("question", "organisation")
        .order_by(F("question__hurry_on").asc(nulls_last=True), "follow_on", "pk")
    )


def coordinators() -> models.QuerySet[User]:
    """Return the people who serve at the counter."""
    return User.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True).order_by(
        in_finnish("name"), "pk"
    )


@objects_once
def who_serves() -> models.QuerySet[User]:
    """The same people for whoever hands out what waits, by their names alone."""
    return coordinators().only("name")


def receivers() -> models.QuerySet[Organisation]:
    """Return the checked organisations that have a contact person and can so be handed a question."""
    return (
        Organisation.objects.vetted()
        .filter(memberships__is_contact=True)
        .distinct()
        .order_by(in_finnish("name"), "pk")
    )


def tags_in_use() -> list[str]:
    """Return every tag that a question has, in alphabetical order."""
    tags = Question.objects.order_by().values_list(
        models.Func("tags", function="unnest"), flat=True
    )
    return sorted(set(tags))


def canned_answers(language: str) -> models.QuerySet[CannedAnswer]:
    """Return the ready answers in ``language``, the most used first."""
    return CannedAnswer.objects.filter(is_active=True, language=language).order_by(
        "-used_count", in_finnish("title"), "pk"
    )


def faq_answers() -> models.QuerySet[CannedAnswer]:
    """Return the ready answers in use that may be published, in every language."""
    return CannedAnswer.objects.filter(may_be_faq=True, is_active=True).order_by("pk")
