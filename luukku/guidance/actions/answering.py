"""The counter's side: answering, sorting, sharing the work."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.core.text import clean
from luukku.guidance.actions.common import keep_promise, newest, promise, tell_asker
from luukku.guidance.models import CannedAnswer, Kind, Message, Note, Question, Side
from luukku.guidance.notices import QuestionAnswered, QuestionTaken
from luukku.guidance.states import ADD, ANSWER, QuestionState
from luukku.notices.actions import tell
from luukku.workflow.actions import moving
from luukku.workflow.states import Move

MOST_TAGS, LONGEST_TAG = 8, 30


class NewWords(Refused):
    """Something has been written in the thread that the answerer had not seen."""


class CannotAssign(Refused):
    """The person does not serve at the counter."""


def answer(
    question: Question,
    words: str,
    *,
    by: User,
    at: datetime,
    seen: int | None = None,
    canned: Iterable[int] = (),
) -> Question:
    """Answer a question; the words leave by mail, or the counter reads them out by phone.

    Args:
        seen: the number of the last message that the answerer had before their eyes; None: not asked.
        canned: numbers of the ready answers that the words were made from.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it has been answered already.
        NewWords: something was written after ``seen``.
    """
    return _answer(ANSWER, question, words, by=by, at=at, seen=seen, canned=canned)


def add(
    question: Question,
    words: str,
    *,
    by: User,
    at: datetime,
    seen: int | None = None,
    canned: Iterable[int] = (),
) -> Question:
    """Add to an answer that has been given; errors as in ``answer``."""
    return _answer(ADD, question, words, by=by, at=at, seen=seen, canned=canned)


def _answer(
    move: Move,
    question: Question,
    words: str,
    *,
    by: User,
    at: datetime,
    seen: int | None,
    canned: Iterable[int],
) -> Question:
    with moving(question, move, by=by, at=at) as question:
        last = newest(question)
        if seen is not None and last is not None and last.pk != seen:
            raise NewWords
        message = Message.objects.create(
            question=question, side=Side.COUNTER, words=words, by=by, at=at
        )
        keep_promise(question)
        CannedAnswer.objects.filter(pk__in=set(canned)).update(used_count=F("used_count") + 1)
        tell_asker(QuestionAnswered(question, message), question, at=at)
    return question


def _locked(question: Question, perm: str, *, by: User) -> Question:
    """Return the question's row, locked, for an act that changes no state."""
    if not by.has_perm(perm, question):
        raise PermissionDenied(perm)
    return Question.objects.select_for_update(no_key=True).get(pk=question.pk)


def assign(question: Question, to: User | None, *, by: User, at: datetime) -> Question:
    """Make ``to`` the one who answers, or nobody in particular; another one is told.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        CannotAssign: ``to`` is not.
    """
    if to is not None and not to.is_counter:
        raise CannotAssign
    with transaction.atomic():
        locked = _locked(question, "guidance.assign", by=by)
        if locked.assignee == to:
            return locked
        locked.assignee = to
        locked.save(update_fields=["assignee"])
        record("guidance.assign", by=by, about=locked, at=at, data={"to": to.pk if to else None})
        if to is not None and to.pk != by.pk:
            tell(QuestionTaken(locked, at), to=to, at=at)
    return locked


def sort(
    question: Question, *, kind: Kind, tags: Iterable[str], by: User, at: datetime
) -> Question:
    """Say what kind of question it is and by which words it is found again; a new kind has its own clock.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    words = dict.fromkeys(" ".join(clean(tag).lower().split())[:LONGEST_TAG] for tag in tags)
    with transaction.atomic():
        locked = _locked(question, "guidance.sort", by=by)
        if locked.kind != kind:
            locked.kind = kind
            if locked.state == QuestionState.ASKED:
                promise(locked, at=locked.asked_at)
        locked.tags = [word for word in words if word][:MOST_TAGS]
        locked.save(update_fields=["kind", "tags", "due_on", "remind_on", "reminded_at"])
        record("guidance.sort", by=by, about=locked, at=at, data={"kind": str(kind)})
    return locked


def note(question: Question, words: str, *, by: User, at: datetime) -> Note:
    """Leave a note to the others at the counter; nobody else ever sees it.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    with transaction.atomic():
        locked = _locked(question, "guidance.note", by=by)
        kept = Note.objects.create(question=locked, words=words, by=by, at=at)
        record("guidance.note", by=by, about=locked, at=at)
    return kept


def keep_answer(
    canned: CannedAnswer | None,
    *,
    title: str,
    words: str,
    language: str,
    may_be_faq: bool,
    is_active: bool,
    by: User,
    at: datetime,
) -> CannedAnswer:
    """Keep a ready answer, a new one or a changed one.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("guidance.keep_answer"):
        raise PermissionDenied("guidance.keep_answer")
    fields = {
        "title": title,
        "words": words,
        "language": language,
        "may_be_faq": may_be_faq,
        "is_active": is_active,
        "changed_by": by,
        "changed_at": at,
    }
    with transaction.atomic():
        if canned is None:
            canned = CannedAnswer.objects.create(**fields)
        else:
            CannedAnswer.objects.filter(pk=canned.pk).update(**fields)  # leaves the count alone
            canned.refresh_from_db()
        record("guidance.keep_answer", by=by, about=canned, at=at)
    return canned
