"""What is said about events."""

from luukku.events.notices.common import SignUpNotice, say, say_all
from luukku.events.notices.others import (
    ConfirmGuest,
    GuestHasAccount,
    GuestSignedUp,
    LateWithdrawal,
)
from luukku.events.notices.places import (
    Applied,
    AskedToCome,
    Confirmed,
    Declined,
    EventCancelled,
    EventMoved,
    OfferOver,
    OnWaitingList,
    PassedBy,
    PlaceFound,
    PlaceOffered,
    WithdrawnForYou,
)

__all__ = [
    "Applied",
    "AskedToCome",
    "ConfirmGuest",
    "Confirmed",
    "Declined",
    "EventCancelled",
    "EventMoved",
    "GuestHasAccount",
    "GuestSignedUp",
    "LateWithdrawal",
    "OfferOver",
    "OnWaitingList",
    "PassedBy",
    "PlaceFound",
    "PlaceOffered",
    "SignUpNotice",
    "WithdrawnForYou",
    "say",
    "say_all",
]
