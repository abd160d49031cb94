"""Asking and answering."""

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.guidance.models import Question, Topic
from luukku.guidance.notices import QuestionAnswered, QuestionReceived
from luukku.guidance.states import ANSWER
from luukku.notices.actions import tell, tell_address
from luukku.workflow.actions import moving


def ask(
    words: str,
    *,
    topic: Topic,
    by: User | None,
    at: datetime,
    name: str = "",
    email: str = "",
    phone: str = "",
    language: str = "fi",
) -> Question:
    """Put a question into the counter's queue; a person with an account is told that it arrived.

    Nothing is sent to ``email`` before the counter answers: the address is not verified.
    """
    with transaction.atomic():
        question = Question.objects.create(
            topic=topic,
            words=words,
            name=name,
            email=User.objects.lower(email) or "",
            phone=phone,
            language=language,
            asked_by=by,
            asked_at=at,
            state_changed_at=at,
        )
        record("guidance.ask", by=by or User.objects.machine(), about=question, at=at)
        if by is not None:
            tell(QuestionReceived(question), to=by, at=at)
    return question


def answer(question: Question, words: str, *, by: User, at: datetime) -> Question:
    """Answer a question; the words leave by mail, or the counter reads them out by phone.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it has been answered already.
    """
    with moving(question, ANSWER, by=by, at=at) as question:
        question.answer, question.answered_by = words, by
        notice = QuestionAnswered(question)
        if question.asked_by is not None:
            tell(notice, to=question.asked_by, at=at)
        elif question.email:
            tell_address(notice, question.email, language=question.language, at=at)
    return question
