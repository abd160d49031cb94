"""What may happen to an expert's profile."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Move


class ExpertState(TextChoices):
    """Where a profile stands."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for the counter")
    ACTIVE = "active", _("In the expert bank")
    LEFT = "left", _("Left")


SUBMIT = Move(
    "experts.submit",
    frozenset({ExpertState.DRAFT, ExpertState.LEFT}),
    ExpertState.WAITING,
    late=_("Your profile is with the counter already."),
)
WELCOME = Move("experts.welcome", frozenset({ExpertState.WAITING}), ExpertState.ACTIVE)
RETURN = Move("experts.return", frozenset({ExpertState.WAITING}), ExpertState.DRAFT)
ERASE = Move("experts.erase", frozenset({ExpertState.DRAFT, ExpertState.LEFT}), ExpertState.LEFT)
LEAVE = Move(
    "experts.leave",
    frozenset({ExpertState.WAITING, ExpertState.ACTIVE}),
    ExpertState.LEFT,
    late=_("You are not in the expert bank."),
)
