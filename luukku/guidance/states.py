"""What may happen to a question."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Move


class QuestionState(TextChoices):
    """Where a question stands."""

    ASKED = "asked", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")


ANSWER = Move("guidance.answer", frozenset({QuestionState.ASKED}), QuestionState.ANSWERED)
