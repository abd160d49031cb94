"""Everything that happens to remote readiness, and to equipment that is lent."""

from luukku.readiness.actions.connection import NoConnection, NotRemote, take_back_tried, tell_tried
from luukku.readiness.actions.devices import (
    add_device,
    change_device,
    restore_device,
    retire_device,
)
from luukku.readiness.actions.forgetting import forget
from luukku.readiness.actions.lending import (
    LONGEST,
    ask_loan,
    cancel_loan,
    grant_loan,
    hand_out_loan,
    lose_loan,
    receive_loan,
    refuse_loan,
    swap_device,
)
from luukku.readiness.actions.longer import ask_longer, grant_longer, refuse_longer
from luukku.readiness.actions.overnight import forget_loans, lapse_loans, remind_of_loans
from luukku.readiness.actions.self_test import (
    NothingWished,
    ask_help,
    need_no_help,
    note_practice,
    try_out,
)

__all__ = [
    "LONGEST",
    "NoConnection",
    "NotRemote",
    "NothingWished",
    "add_device",
    "ask_help",
    "ask_loan",
    "ask_longer",
    "cancel_loan",
    "change_device",
    "forget",
    "forget_loans",
    "grant_loan",
    "grant_longer",
    "hand_out_loan",
    "lapse_loans",
    "lose_loan",
    "need_no_help",
    "note_practice",
    "receive_loan",
    "refuse_loan",
    "refuse_longer",
    "remind_of_loans",
    "restore_device",
    "retire_device",
    "swap_device",
    "take_back_tried",
    "tell_tried",
    "try_out",
]
