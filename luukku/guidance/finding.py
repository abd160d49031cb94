"""Finding questions among many; what is asked is encrypted, so nobody searches in it."""

from __future__ import annotations

from django.db.models import QuerySet

from luukku.accounts.models import User
from luukku.accounts.queries import person_said
from luukku.core.ordering import has_words, with_any
from luukku.core.text import number_in
from luukku.guidance.models import CannedAnswer, Question, QuestionQuerySet

CALLED = {"kysymys", "fråga", "question"}  # before a question's number


def holding(questions: QuestionQuerySet, words: str) -> QuestionQuerySet:
    """Return the questions that ``words`` may mean: a number, a tag, or the asker's name, address or phone.

    Each part is asked by itself, so that an index answers it.
    """
    rows = Question.objects.order_by()
    parts = [
        rows.filter(person_said(words)),
        rows.filter(asked_by__in=User.objects.filter(person_said(words)).values("pk")),
        rows.filter(tags__contains=[words.lower()]),
    ]
    if (number := number_in(words, {"", *CALLED})) is not None:
        parts.append(rows.filter(pk=number))
    return with_any(questions, parts)


def answers_holding(answers: QuerySet[CannedAnswer], words: str) -> QuerySet[CannedAnswer]:
    """Return the ready answers that hold ``words`` in the question or in the answer."""
    return answers.filter(has_words(words, "title") | has_words(words, "words"))
