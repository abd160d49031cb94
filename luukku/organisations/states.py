"""What may happen to an organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Move


class OrganisationState(TextChoices):
    """Whether the counter knows the organisation."""

    WAITING = "waiting", _("Waiting for the counter")
    VETTED = "vetted", _("Checked")
    REFUSED = "refused", _("Not accepted")
    ENDED = "ended", _("Ended")


VET = Move(
    "organisations.vet",
    frozenset({OrganisationState.WAITING, OrganisationState.REFUSED}),
    OrganisationState.VETTED,
)
REFUSE = Move(
    "organisations.refuse", frozenset({OrganisationState.WAITING}), OrganisationState.REFUSED
)
END = Move(
    "organisations.end",
    frozenset({OrganisationState.WAITING, OrganisationState.VETTED, OrganisationState.REFUSED}),
    OrganisationState.ENDED,
)
# It came a second time, and may have been checked before somebody saw that: its orders and people are
# the first one's now.
JOIN = Move(
    "organisations.join",
    frozenset({OrganisationState.WAITING, OrganisationState.VETTED}),
    OrganisationState.ENDED,
)
# They were two after all: back to where it was.
PART_WAITING = Move(
    "organisations.part", frozenset({OrganisationState.ENDED}), OrganisationState.WAITING
)
PART_CHECKED = Move(
    "organisations.part_checked", frozenset({OrganisationState.ENDED}), OrganisationState.VETTED
)
# Whoever pressed the wrong button, or came back: to be checked again, since nobody knows what has changed.
REOPEN = Move(
    "organisations.reopen",
    frozenset({OrganisationState.ENDED, OrganisationState.REFUSED}),
    OrganisationState.WAITING,
)
