"""What asking and answering share."""

from datetime import datetime

from luukku.accounts.models import User
from luukku.core.distress import signs_of
from luukku.core.times import helsinki
from luukku.guidance.clock import due_on, remind_on
from luukku.guidance.models import HandOver, Kind, Message, Question
from luukku.guidance.notices import ReadFirst
from luukku.guidance.queries import coordinators
from luukku.notices.actions import tell, tell_address, tell_all
from luukku.notices.notice import Notice


def promise(question: Question, *, at: datetime) -> None:
    """Promise an answer from now on; the caller saves."""
    kind = Kind(question.kind)
    question.due_on = due_on(kind, at=at)
    question.remind_on = remind_on(kind, question.due_on)
    question.reminded_at = None


def hurry(question: Question, message: Message, *, by: User, at: datetime) -> bool:
    """Put the question before all others if ``message`` tells of distress; everybody else at the counter is told.

    The promise to the asker stays as it is: at night nobody could keep another. Return whether; the caller saves.
    """
    if not signs_of(message.words):
        return False
    question.hurry_on = question.hurry_on or helsinki(at).date()
    notice = ReadFirst(question, message)
    tell_all([(notice, one) for one in coordinators() if one.pk != by.pk], at=at)
    return True


def keep_promise(question: Question) -> None:
    """Note that nothing is owed any more; the caller saves."""
    question.due_on = question.remind_on = question.reminded_at = question.hurry_on = None


def tell_asker(notice: Notice, question: Question, *, at: datetime) -> None:
    """Tell the asker by account or e-mail; others come back with their code or are called by phone."""
    if question.asked_by is not None:
        tell(notice, to=question.asked_by, at=at)
    elif question.email:
        tell_address(notice, question.email, language=question.language, at=at)


def newest(question: Question) -> Message | None:
    """Return the latest message of the thread."""
    return question.messages.order_by("-pk").first()


def holding(question: Question) -> HandOver:
    """Return the hand-over that holds the question, locked."""
    return (
        HandOver.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(question=question, ended_at=None)
    )
