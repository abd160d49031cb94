"""Everything that happens to events and sign-ups."""

from luukku.events.actions.arranging import (
    ask,
    cancel,
    close,
    decide_later,
    edit,
    finish,
    finish_past,
    make,
    publish,
    reopen,
    require_whole,
    run_anyway,
    set_link,
)
from luukku.events.actions.attending import check_in
from luukku.events.actions.forgetting import forget_guests, forget_materials, forget_sensitive
from luukku.events.actions.guests import ask_guest, confirm_guest, guest_mark
from luukku.events.actions.handing import hand_over
from luukku.events.actions.leading import arrange_peers
from luukku.events.actions.leaving import (
    approve,
    decline,
    leave_all,
    put_in_queue,
    require_not_over,
    say_yes,
    withdraw,
)
from luukku.events.actions.materials import keep_materials, require_materials
from luukku.events.actions.putting import ask_own, put_on
from luukku.events.actions.queueing import settle_all
from luukku.events.actions.reminding import remind
from luukku.events.actions.series import (
    cancel_rest,
    edit_coming,
    publish_series,
    repeat,
    sign_up_all,
)
from luukku.events.actions.signing import Answers, field_of, hold, sign_up, take_place
from luukku.events.actions.times import Time, let_overlap, set_times, told_once

__all__ = [
    "Answers",
    "Time",
    "approve",
    "arrange_peers",
    "ask",
    "ask_guest",
    "ask_own",
    "cancel",
    "cancel_rest",
    "check_in",
    "close",
    "confirm_guest",
    "decide_later",
    "decline",
    "edit",
    "edit_coming",
    "field_of",
    "finish",
    "finish_past",
    "forget_guests",
    "forget_materials",
    "forget_sensitive",
    "guest_mark",
    "hand_over",
    "hold",
    "keep_materials",
    "leave_all",
    "let_overlap",
    "make",
    "publish",
    "publish_series",
    "put_in_queue",
    "put_on",
    "remind",
    "reopen",
    "repeat",
    "require_materials",
    "require_not_over",
    "require_whole",
    "run_anyway",
    "say_yes",
    "set_link",
    "set_times",
    "settle_all",
    "sign_up",
    "sign_up_all",
    "take_place",
    "told_once",
    "withdraw",
]
