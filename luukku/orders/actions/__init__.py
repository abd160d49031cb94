"""Everything that changes an order."""

from luukku.orders.actions.changes import AnsweredAlready, answer_change, ask_change
from luukku.orders.actions.drafts import (
    EDITABLE,
    NotAnOrderer,
    change_contact,
    copy,
    repeat,
    save_draft,
    set_link,
    set_payment,
    set_times,
    start,
    want_fewer,
)
from luukku.orders.actions.forgetting import forget_empty, forget_guests
from luukku.orders.actions.guests import (
    TooManyLetters,
    ask_confirmation,
    confirm,
)
from luukku.orders.actions.joining import join_organisation
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
from luukku.orders.notices import LINK_AGE

__all__ = [
    "EDITABLE",
    "LINK_AGE",
    "AnsweredAlready",
    "Incomplete",
    "NotAnOrderer",
    "NotVetted",
    "TooManyLetters",
    "accept",
    "answer_change",
    "ask_change",
    "ask_confirmation",
    "cancel",
    "change_contact",
    "close",
    "confirm",
    "copy",
    "count_unmet",
    "decline",
    "finish",
    "forget_empty",
    "forget_guests",
    "give_up",
    "join_organisation",
    "reopen",
    "repeat",
    "save_draft",
    "search",
    "send",
    "send_series",
    "set_link",
    "set_payment",
    "set_times",
    "staff",
    "start",
    "want_fewer",
]
