"""Finding questions among many; what is asked is encrypted, so nobody searches in it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from luukku.accounts.queries import number_said, people_said, said
from luukku.core.compiled import Given
from luukku.core.finding import found_once
from luukku.core.ordering import NONE, Keys, Words, among, has_words, with_keys_of
from luukku.core.text import number_in
from luukku.guidance.models import CannedAnswer, Question, QuestionQuerySet

CALLED = {"kysymys", "fråga", "question"}  # before a question's number


def holding(questions: QuestionQuerySet, words: str) -> QuestionQuerySet:
    """Return the questions that ``words`` may mean: a number, a tag, or the asker's name, address or phone.

    Each part is asked by itself, so that an index answers it.
    """
    phone = {"phone": told} if (told := number_said(words)) else {}
    number = number_in(words, {"", *CALLED})
    key = NONE if number is None else {number}
    given = {"words": words, "tag": words.lower(), "people": people_said(words), "key": key}
    return with_keys_of(questions, _keys(**given, **phone))


@found_once
def _keys(
    words: Words,
    tag: Words,
    phone: Words = "",
    people: Keys | Given = NONE,
    key: Keys | Given = NONE,
) -> list[QuerySet[Any]]:
    rows = Question.objects.order_by()
    return [
        rows.filter(said(words, phone)),
        rows.filter(among(people, "asked_by")),
        rows.filter(tags__contains=[tag]),
        rows.filter(among(key)),
    ]


def answers_holding(answers: QuerySet[CannedAnswer], words: str) -> QuerySet[CannedAnswer]:
    """Return the ready answers that hold ``words`` in the question or in the answer."""
    return answers.filter(has_words(words, "title") | has_words(words, "words"))
