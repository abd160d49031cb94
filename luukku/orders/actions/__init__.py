"""Everything that changes an order."""

from luukku.orders.actions.drafts import EDITABLE, Every, copy, repeat, save_draft, set_times, start
from luukku.orders.actions.guests import (
    LINK_AGE,
    TooManyLetters,
    ask_confirmation,
    confirm,
    forget_guests,
)
from luukku.orders.actions.moves import (
    Incomplete,
    NotVetted,
    accept,
    cancel,
    close,
    count_unmet,
    decline,
    finish,
    give_up,
    reopen,
    search,
    send,
    send_series,
    staff,
)

__all__ = [
    "EDITABLE", "LINK_AGE", "Every", "Incomplete", "NotVetted", "TooManyLetters", "accept",
    "ask_confirmation", "cancel", "close", "confirm", "copy", "count_unmet", "decline", "finish",
    "forget_guests", "give_up", "reopen", "repeat", "save_draft", "search", "send", "send_series",
    "set_times", "staff", "start",
]
