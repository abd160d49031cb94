"""Questions are not kept for ever."""

from datetime import datetime, timedelta

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.guidance.models import Question
from luukku.guidance.states import QuestionState

KEPT = timedelta(days=2 * 365)  # what ``models.KEEP`` promises


def forget_old(*, at: datetime) -> int:
    """Delete the threads that were closed two years ago, with all that was written in them; return how many.

    What is still open stays, however old: the worker closes what has fallen quiet, the counter the rest.
    """
    old = Question.objects.filter(state=QuestionState.CLOSED, state_changed_at__lte=at - KEPT)
    machine, count = User.objects.machine(), 0
    for pk in old.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Asked again at this very moment: then it is open and stays.
            question = old.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
            if question is None:
                continue
            record("guidance.forget", by=machine, about=question, at=at)
            question.delete()
        count += 1
    return count
