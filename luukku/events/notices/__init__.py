"""What is said about events."""

from luukku.events.notices.before import EventTomorrow, reminder_key
from luukku.events.notices.common import SignUpNotice, guest_token, say, say_all
from luukku.events.notices.others import (
    ConfirmGuest,
    EventHandedOver,
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
    "EventHandedOver",
    "EventMoved",
    "EventTomorrow",
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
    "guest_token",
    "reminder_key",
    "say",
    "say_all",
]
