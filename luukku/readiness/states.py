"""What may be told of the connection of an order, and what may happen to a loan of equipment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.orders.states import OPEN_STATES
from luukku.workflow.states import Act, Move

OVER = _("The connection is tried once the order has been sent and before the task is over.")

# On an order.
TELL_TRIED = Act("readiness.tell_tried", OPEN_STATES, late=OVER)
TAKE_BACK_TRIED = Act("readiness.take_back_tried", OPEN_STATES, late=OVER)


class LoanState(TextChoices):
    """Where a loan stands; late is who has it after the last day, whatever the state says."""

    ASKED = "asked", _("Asked for")
    GRANTED = "granted", _("Promised")
    OUT = "out", _("On loan")
    BACK = "back", _("Brought back")
    REFUSED = "refused", _("Could not be lent")
    CANCELLED = "cancelled", _("Loan cancelled")
    LOST = "lost", _("Lost")


L = LoanState
HOLDING = (L.GRANTED, L.OUT)  # nobody else gets the device on those days
OVER_LOANS = (L.BACK, L.REFUSED, L.CANCELLED, L.LOST)
ANSWERED = _("The request has been answered already, or it was cancelled.")

GRANT = Move("readiness.grant_loan", frozenset({L.ASKED}), L.GRANTED, late=ANSWERED)
REFUSE = Move("readiness.refuse_loan", frozenset({L.ASKED, L.GRANTED}), L.REFUSED, late=ANSWERED)
CANCEL = Move(
    "readiness.cancel_loan",
    frozenset({L.ASKED, L.GRANTED}),
    L.CANCELLED,
    late=_("The device has been fetched already, or the loan is over."),
)
LAPSE = Move("readiness.lapse_loan", frozenset({L.ASKED, L.GRANTED}), L.CANCELLED)
HAND_OUT = Move("readiness.hand_out_loan", frozenset({L.GRANTED}), L.OUT)
RECEIVE = Move(
    "readiness.receive_loan",
    frozenset({L.OUT, L.LOST}),
    L.BACK,
    late=_("The device is here already."),
)
LOSE = Move("readiness.lose_loan", frozenset({L.OUT}), L.LOST)
SWAP = Act("readiness.swap_device", frozenset({L.GRANTED}), late=ANSWERED)
ASK_LONGER = Act(
    "readiness.ask_longer",
    frozenset({L.OUT}),
    late=_("The device is not with you now, so there is nothing to keep longer."),
)
GRANT_LONGER = Act("readiness.grant_longer", frozenset({L.OUT}), late=ANSWERED)
REFUSE_LONGER = Act("readiness.refuse_longer", frozenset({L.OUT}), late=ANSWERED)
