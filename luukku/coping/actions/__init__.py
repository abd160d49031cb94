"""Everything that happens to signs of load, yearly talks and what background organisations have promised."""

from luukku.coping.actions.inviting import (
    InvitedAlready,
    NobodyChosen,
    NotOpenToPeers,
    forget_invitations,
    invite,
)
from luukku.coping.actions.reminding import note_call, remind
from luukku.coping.actions.signs import (
    ReasonMissing,
    act,
    ask_talk,
    dismiss,
    forget,
    forget_ended,
    look,
    reopen,
)
from luukku.coping.actions.talking import (
    HeldTooLongAgo,
    NextOutOfReach,
    NotHeldYet,
    NotOneOfThem,
    forget_talks,
    note_talk,
    remove_talk,
)

__all__ = [
    "HeldTooLongAgo",
    "InvitedAlready",
    "NextOutOfReach",
    "NobodyChosen",
    "NotHeldYet",
    "NotOneOfThem",
    "NotOpenToPeers",
    "ReasonMissing",
    "act",
    "ask_talk",
    "dismiss",
    "forget",
    "forget_ended",
    "forget_invitations",
    "forget_talks",
    "invite",
    "look",
    "note_call",
    "note_talk",
    "remind",
    "remove_talk",
    "reopen",
]
