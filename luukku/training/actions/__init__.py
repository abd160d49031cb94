"""Everything that happens to programmes of training, runs of them and applications."""

from luukku.training.actions.agreeing import agree_core
from luukku.training.actions.answering import choose, invite, turn_down
from luukku.training.actions.applying import apply, leave_applications, withdraw
from luukku.training.actions.certifying import name_issuer, reissue
from luukku.training.actions.completing import complete, stop
from luukku.training.actions.following import call_off
from luukku.training.actions.forgetting import forget_applications
from luukku.training.actions.lecturing import (
    cancel_lecture,
    correct_students,
    count_students,
    let_lecture_go,
    link_lecture,
    offer_lecture,
    take_lecture,
    think_of_lecture,
)
from luukku.training.actions.papers import (
    RECORD,
    ask_record,
    write_certificate,
    write_record,
)
from luukku.training.actions.programmes import (
    EDITABLE,
    MANY,
    Minutes,
    NotWhole,
    NotYours,
    RenewedAlready,
    agree,
    edit,
    note_asked,
    propose,
    renew,
    resume,
    retire,
    share,
    start,
    take_back,
)
from luukku.training.actions.reporting import remove_report_words, send_report
from luukku.training.actions.runs import begin_run, change_run
from luukku.training.actions.saying import say_no, say_yes, withdraw_yes
from luukku.training.actions.talking import (
    decide,
    forget_messages,
    remove_decision,
    remove_message,
    settle,
    withdraw_decision,
    withdraw_message,
    write,
)
from luukku.training.actions.wishing import wish
from luukku.training.refusals import NotDecidedYet

__all__ = [
    "EDITABLE",
    "MANY",
    "RECORD",
    "Minutes",
    "NotDecidedYet",
    "NotWhole",
    "NotYours",
    "RenewedAlready",
    "agree",
    "agree_core",
    "apply",
    "ask_record",
    "begin_run",
    "call_off",
    "cancel_lecture",
    "change_run",
    "choose",
    "complete",
    "correct_students",
    "count_students",
    "decide",
    "edit",
    "forget_applications",
    "forget_messages",
    "invite",
    "leave_applications",
    "let_lecture_go",
    "link_lecture",
    "name_issuer",
    "note_asked",
    "offer_lecture",
    "propose",
    "reissue",
    "remove_decision",
    "remove_message",
    "remove_report_words",
    "renew",
    "resume",
    "retire",
    "say_no",
    "say_yes",
    "send_report",
    "settle",
    "share",
    "start",
    "stop",
    "take_back",
    "take_lecture",
    "think_of_lecture",
    "turn_down",
    "wish",
    "withdraw",
    "withdraw_decision",
    "withdraw_message",
    "withdraw_yes",
    "write",
    "write_certificate",
    "write_record",
]
