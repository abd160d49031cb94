"""What may happen to a change of somebody's lost sign-in address."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Move


class AddressState(TextChoices):
    """Where the change stands."""

    WAITING = "waiting", _("Waiting for objections")
    DONE = "done", _("Changed")
    STOPPED = "stopped", _("Stopped")


MOVE_ADDRESS = Move("accounts.move_address", frozenset({AddressState.WAITING}), AddressState.DONE)
STOP_ADDRESS = Move(
    "accounts.stop_address", frozenset({AddressState.WAITING}), AddressState.STOPPED
)
