"""What may happen to an offer and to an agreed assignment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.orders.states import OrderState
from luukku.workflow.states import Act, Move


class OfferState(TextChoices):
    """Where an offer stands."""

    PROPOSED = "proposed", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Yes")
    DECLINED = "declined", _("No")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("No answer in time")


class AssignmentState(TextChoices):
    """Where an agreed assignment stands."""

    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


ACCEPT = Move("assignments.accept", frozenset({OfferState.PROPOSED}), OfferState.ACCEPTED)
DECLINE = Move("assignments.decline", frozenset({OfferState.PROPOSED}), OfferState.DECLINED)
WITHDRAW = Move("assignments.withdraw", frozenset({OfferState.PROPOSED}), OfferState.WITHDRAWN)
EXPIRE = Move("assignments.expire", frozenset({OfferState.PROPOSED}), OfferState.EXPIRED)

FINISH = Move(
    "assignments.finish",
    frozenset({AssignmentState.AGREED}),
    AssignmentState.DONE,
    late=_("The task has not begun yet, or it has been marked as done already."),
)
CANCEL = Move(
    "assignments.cancel",
    frozenset({AssignmentState.AGREED}),
    AssignmentState.CANCELLED,
    late=_("The task has already ended or been cancelled."),
)

KEEP = Act("assignments.keep_task", frozenset({AssignmentState.AGREED}))

LIVE_STATES = (AssignmentState.AGREED, AssignmentState.DONE)

# Of an order: who is asked for it, and when it is.
PROPOSE = Act("assignments.propose", frozenset({OrderState.SEARCHING}))
CHANGE_TIME = Act("assignments.change_time", frozenset({OrderState.SEARCHING, OrderState.STAFFED}))
