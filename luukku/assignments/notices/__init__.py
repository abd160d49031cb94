"""What is said about offers and agreed tasks."""

from luukku.assignments.notices.agreed import (
    Agreed,
    AssignmentNotice,
    Cancelled,
    Changed,
    DetailsChanged,
    LinkChanged,
    Reminder,
    TaskContactChanged,
)
from luukku.assignments.notices.changed import OrderChanged
from luukku.assignments.notices.offers import (
    OfferChanged,
    OfferExpired,
    OfferFilled,
    OfferMade,
    OfferNotice,
    OfferWithdrawn,
    SignUpDeclined,
    SignUpReceived,
)
from luukku.assignments.notices.series import (
    OffersExpired,
    OffersFilled,
    OffersMade,
    OffersNotice,
    OffersWithdrawn,
    SignUpsReceived,
    TasksAgreed,
    TasksCancelled,
)
from luukku.assignments.notices.words import (
    differences,
    fee,
    place_of,
    where,
)
from luukku.core.times import when

__all__ = [
    "Agreed",
    "AssignmentNotice",
    "Cancelled",
    "Changed",
    "DetailsChanged",
    "LinkChanged",
    "OfferChanged",
    "OfferExpired",
    "OfferFilled",
    "OfferMade",
    "OfferNotice",
    "OfferWithdrawn",
    "OffersExpired",
    "OffersFilled",
    "OffersMade",
    "OffersNotice",
    "OffersWithdrawn",
    "OrderChanged",
    "Reminder",
    "SignUpDeclined",
    "SignUpReceived",
    "SignUpsReceived",
    "TaskContactChanged",
    "TasksAgreed",
    "TasksCancelled",
    "differences",
    "fee",
    "place_of",
    "when",
    "where",
]
