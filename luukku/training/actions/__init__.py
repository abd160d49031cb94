"""Everything that happens to programmes of training, runs of them and applications."""

from luukku.training.actions.agreeing import EmptyCore, NotDecidedYet, agree_core
from luukku.training.actions.answering import choose, invite, turn_down
from luukku.training.actions.applying import apply, leave_applications, withdraw
from luukku.training.actions.certifying import name_issuer, reissue
from luukku.training.actions.completing import complete, stop
from luukku.training.actions.following import call_off
from luukku.training.actions.forgetting import forget_applications
from luukku.training.actions.papers import ask_record, write_certificate, write_record
from luukku.training.actions.programmes import (
    EDITABLE,
    MANY,
    Minutes,
    NotWhole,
    NotYours,
    RenewedAlready,
    agree,
    edit,
    propose,
    renew,
    resume,
    retire,
    share,
    start,
    take_back,
)
from luukku.training.actions.runs import begin_run, change_run
from luukku.training.actions.wishing import wish

__all__ = [
    "EDITABLE",
    "MANY",
    "EmptyCore",
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
    "change_run",
    "choose",
    "complete",
    "edit",
    "forget_applications",
    "invite",
    "leave_applications",
    "name_issuer",
    "propose",
    "reissue",
    "renew",
    "resume",
    "retire",
    "share",
    "start",
    "stop",
    "take_back",
    "turn_down",
    "wish",
    "withdraw",
    "write_certificate",
    "write_record",
]
