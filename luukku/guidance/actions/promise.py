"""What happens by itself: reminders before a promise breaks, and threads that have fallen quiet."""

from datetime import datetime, time, timedelta

from django.db import transaction

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.guidance.actions.asking import close
from luukku.guidance.models import ClosedAs, Question
from luukku.guidance.notices import PromiseDue
from luukku.guidance.queries import coordinators
from luukku.guidance.states import QuestionState
from luukku.notices.actions import tell
from luukku.workflow.actions import WrongState

MORNING = time(8)  # Helsinki
QUIET = timedelta(days=30)


def remind(*, at: datetime) -> int:
    """Tell who owes an answer that the promised day is near, once; return how many questions."""
    here, count = helsinki(at), 0
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    due = Question.objects.filter(state=QuestionState.ASKED, reminded_at=None, remind_on__lte=day)
    for pk in due.order_by("due_on", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            question = (
                due.filter(pk=pk)
                .select_related("assignee")
                .select_for_update(no_key=True, skip_locked=True, of=("self",))
                .first()
            )
            if question is None:
                continue
            question.reminded_at = at
            question.save(update_fields=["reminded_at"])
            for reader in [question.assignee] if question.assignee else coordinators():
                tell(PromiseDue(question), to=reader, at=at)
            count += 1
    return count


def close_quiet(*, at: datetime) -> int:
    """Close the answered threads in which nobody has written for a month; return how many."""
    machine, count = User.objects.machine(), 0
    quiet = Question.objects.filter(
        state__in=[QuestionState.ANSWERED, QuestionState.FOLLOWED], state_changed_at__lte=at - QUIET
    )
    for question in quiet.order_by("pk"):
        try:
            close(question, ClosedAs.QUIET, by=machine, at=at)
        except WrongState:
            continue  # somebody was faster
        count += 1
    return count
