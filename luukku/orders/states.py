"""What may happen to an order."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Act, Move


class OrderState(TextChoices):
    """Where an order stands."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted by the counter")
    SEARCHING = "searching", _("Looking for an expert")
    STAFFED = "staffed", _("Expert found")
    DONE = "done", _("Done")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    NOT_FOUND = "not_found", _("No expert was found")


S = OrderState
OPEN_STATES = frozenset({S.SENT, S.ACCEPTED, S.SEARCHING, S.STAFFED})
UNSETTLED_STATES = frozenset({S.SENT, S.ACCEPTED, S.SEARCHING})  # its times may still be others
LED_STATES = OPEN_STATES | {S.DONE}  # somebody is still told or asked about it

SEND = Move("orders.send", frozenset({S.DRAFT}), S.SENT)
ACCEPT = Move("orders.accept", frozenset({S.SENT}), S.ACCEPTED)
DECLINE = Move("orders.decline", frozenset({S.SENT, S.ACCEPTED}), S.DECLINED)
SEARCH = Move("orders.search", frozenset({S.ACCEPTED}), S.SEARCHING)
STAFF = Move("orders.staff", frozenset({S.SEARCHING}), S.STAFFED)
REOPEN = Move("orders.reopen", frozenset({S.STAFFED, S.NOT_FOUND}), S.SEARCHING)
FINISH = Move("orders.finish", frozenset({S.STAFFED}), S.DONE)
CLOSE = Move("orders.close", frozenset({S.DONE}), S.CLOSED)
CANCEL = Move("orders.cancel", frozenset({S.DRAFT, *OPEN_STATES}), S.CANCELLED)
GIVE_UP = Move("orders.give_up", frozenset({S.ACCEPTED, S.SEARCHING}), S.NOT_FOUND)

# These change something of the order, not its state.
SET_TIMES = Act("orders.set_times", UNSETTLED_STATES)
ASK_TIME = Act("orders.ask_time", UNSETTLED_STATES)
CLOSE_TIME = Act("orders.close_time", UNSETTLED_STATES)
ANSWER_TIME = Act("orders.answer_time", UNSETTLED_STATES)
SET_LINK = Act("orders.set_link", OPEN_STATES)
SET_PAYMENT = Act("orders.set_payment", OPEN_STATES)
CHANGE_DETAILS = Act("orders.change_details", OPEN_STATES)
CHANGE_CONTACT = Act("orders.change_contact", LED_STATES)
ASK_CHANGE = Act("orders.ask_change", OPEN_STATES)
WANT_FEWER = Act("orders.want_fewer", OPEN_STATES)
