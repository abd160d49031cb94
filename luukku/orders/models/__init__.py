"""Orders and what belongs to them: themes and times, requests for a change, revisions, guests, series, unmet demand."""

from luukku.orders.models.changes import ChangeRequest, ChangeRequestQuerySet
from luukku.orders.models.guests import LINK_AGE, GuestSender
from luukku.orders.models.order import (
    MOST_EXPERTS,
    MOST_MINUTES,
    UNPAID,
    CancelledBy,
    Mode,
    Order,
    OrderQuerySet,
    Payment,
    Recording,
    ordered_for,
)
from luukku.orders.models.revisions import Revision
from luukku.orders.models.series import Every, Series
from luukku.orders.models.time_questions import TimeQuestion, TimeQuestionQuerySet
from luukku.orders.models.unmet import Failure, UnmetDemand, UnmetDemandQuerySet
from luukku.orders.models.wishes import OrderTheme, OrderTime

__all__ = [
    "LINK_AGE",
    "MOST_EXPERTS",
    "MOST_MINUTES",
    "UNPAID",
    "CancelledBy",
    "ChangeRequest",
    "ChangeRequestQuerySet",
    "Every",
    "Failure",
    "GuestSender",
    "Mode",
    "Order",
    "OrderQuerySet",
    "OrderTheme",
    "OrderTime",
    "Payment",
    "Recording",
    "Revision",
    "Series",
    "TimeQuestion",
    "TimeQuestionQuerySet",
    "UnmetDemand",
    "UnmetDemandQuerySet",
    "ordered_for",
]
