"""The asker's side: asking, writing again, and telling that it helped."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.guidance.actions.common import holding, hurry, keep_promise, promise
from luukku.guidance.codes import fingerprint
from luukku.guidance.models import ClosedAs, Kind, Message, Question, Side, Topic
from luukku.guidance.notices import AskedAgain, QuestionForYou, QuestionReceived
from luukku.guidance.states import ASK_AGAIN, CLOSE, WRITE_ON, QuestionState
from luukku.notices.actions import tell
from luukku.workflow.actions import moving


def ask(
    words: str,
    *,
    by: User | None,
    at: datetime,
    kind: Kind = Kind.ADVICE,
    topic: Topic = Topic.OTHER,
    name: str = "",
    email: str = "",
    phone: str = "",
    code: str = "",
    language: str = "fi",
    came_from: str = "",
) -> Question:
    """Put a question into the counter's queue; a person with an account is told that it arrived.

    Nothing is sent to ``email`` before the counter answers: the address is not verified.

    Args:
        code: what ``codes.new_code`` gave to somebody who asks without a name; only its mark is kept.
        came_from: the address of the page on which the question arose; nothing that tells of a person.
    """
    with transaction.atomic():
        question = _keep(
            words,
            asker=by,
            by=by or User.objects.machine(),
            at=at,
            kind=kind,
            topic=topic,
            name=name,
            email=User.objects.lower(email) or "",
            phone=phone,
            code_mark=fingerprint(code) if code else None,
            language=language,
            came_from=came_from,
        )
        if by is not None:
            tell(QuestionReceived(question), to=by, at=at)
    return question


def ask_for(
    words: str,
    *,
    person: User | None,
    by: User,
    at: datetime,
    kind: Kind = Kind.ADVICE,
    topic: Topic = Topic.OTHER,
    name: str = "",
    email: str = "",
    phone: str = "",
    code: str = "",
    language: str = "fi",
) -> Question:
    """Write down a question that came by phone or in person; ``person`` when the asker has an account.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or the account of ``person`` has been closed.
    """
    if not by.has_perm("guidance.ask_for", person):
        raise PermissionDenied("guidance.ask_for")
    with transaction.atomic():
        return _keep(
            words,
            asker=person,
            by=by,
            at=at,
            kind=kind,
            topic=topic,
            name=name,
            email=User.objects.lower(email) or "",
            phone=phone,
            code_mark=fingerprint(code) if code else None,
            language=person.language if person else language,
            taken_by=by,
        )


def _keep(words: str, *, asker: User | None, by: User, at: datetime, **fields: object) -> Question:
    question = Question(asked_by=asker, asked_at=at, state_changed_at=at, **fields)
    promise(question, at=at)
    question.save()
    message = _said(question, words, at=at)
    if hurry(question, message, by=by, at=at):
        question.save(update_fields=["hurry_on"])
    behalf = asker if asker is not None and asker.pk != by.pk else None
    record(
        "guidance.ask",
        by=by,
        about=question,
        at=at,
        on_behalf_of=behalf,
        data={"kind": str(question.kind)},
    )
    return question


def write(question: Question, words: str, *, by: User, at: datetime) -> Question:
    """Say more as the asker, wherever the question is: to the counter, or to who holds it now.

    Raises:
        PermissionDenied: ``by`` is neither the asker nor at the counter, nor the machine behind a code.
        WrongState: it moved at this very moment.
    """
    if question.state == QuestionState.HANDED_OVER:
        return write_on(question, words, by=by, at=at)
    return ask_again(question, words, by=by, at=at)


def ask_again(question: Question, words: str, *, by: User, at: datetime) -> Question:
    """Let the asker write again; the promise begins anew unless an answer is owed already."""
    with moving(question, ASK_AGAIN, by=by, at=at) as question:
        if question.state != QuestionState.ASKED:
            promise(question, at=at)
        question.closed_as = ""
        message = _said(question, words, at=at)
        is_told = hurry(question, message, by=by, at=at)
        if question.assignee is not None and not is_told:
            tell(AskedAgain(question, message), to=question.assignee, at=at)
    return question


def write_on(question: Question, words: str, *, by: User, at: datetime) -> Question:
    """Let the asker say more while another organisation holds the question; its contact person is told.

    What tells of distress is the counter's to see, too, whoever holds the question.
    """
    with moving(question, WRITE_ON, by=by, at=at) as question:
        message = _said(question, words, at=at)
        is_told = hurry(question, message, by=by, at=at)
        given = holding(question)
        if given.organisation is not None:
            for member in given.organisation.memberships.filter(is_contact=True).order_by("pk"):
                tell(QuestionForYou(question, given, message), to=member.user, at=at)
        elif question.assignee is not None and not is_told:
            tell(AskedAgain(question, message), to=question.assignee, at=at)
    return question


def _said(question: Question, words: str, *, at: datetime) -> Message:
    return Message.objects.create(
        question=question, side=Side.ASKER, words=words, by=question.asked_by, at=at
    )


def close(question: Question, closed_as: ClosedAs, *, by: User, at: datetime) -> Question:
    """End the thread; whoever asked may still open it again by writing.

    Raises:
        PermissionDenied: ``by`` may not, or calls somebody's question spam without being at the counter.
        WrongState: it is closed already, or another organisation holds it.
    """
    if closed_as == ClosedAs.SPAM and not by.is_counter:
        raise PermissionDenied("guidance.close")
    with moving(question, CLOSE, by=by, at=at, data={"as": str(closed_as)}) as question:
        keep_promise(question)
        question.closed_as = closed_as
    return question
