"""What may happen to a question."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Move


class QuestionState(TextChoices):
    """Where a question stands."""

    ASKED = "asked", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")
    HANDED_OVER = "handed_over", _("Handed over")
    FOLLOWED = "followed", _("Answered elsewhere")
    CLOSED = "closed", _("Closed")


_ASKED, _ANSWERED, _HANDED, _FOLLOWED, _CLOSED = QuestionState

ANSWER = Move("guidance.answer", frozenset({_ASKED}), _ANSWERED)
ADD = Move("guidance.add", frozenset({_ANSWERED, _FOLLOWED}), _ANSWERED)
ASK_AGAIN = Move("guidance.ask_again", frozenset({_ASKED, _ANSWERED, _FOLLOWED, _CLOSED}), _ASKED)
WRITE_ON = Move("guidance.write_on", frozenset({_HANDED}), _HANDED)
HAND_OVER = Move("guidance.hand_over", frozenset({_ASKED}), _HANDED)
ANSWER_FOR = Move(
    "guidance.answer_for",
    frozenset({_HANDED}),
    _FOLLOWED,
    late=_("The question has been answered already, or the counter took it back."),
)
FOLLOW = Move("guidance.follow", frozenset({_HANDED}), _FOLLOWED)
TAKE_BACK = Move("guidance.take_back", frozenset({_HANDED}), _ASKED)
CLOSE = Move("guidance.close", frozenset({_ASKED, _ANSWERED, _FOLLOWED}), _CLOSED)
