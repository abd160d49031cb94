"""Everything that changes an expert's profile. ``on_behalf_of`` is the expert when the counter acts."""

from luukku.experts.actions.availability import Slot, by_day, pause, resume, set_availability
from luukku.experts.actions.common import Incomplete
from luukku.experts.actions.moves import erase, leave, send_back, submit, welcome
from luukku.experts.actions.profile import EDITABLE, save, set_experiences, start
from luukku.experts.actions.trainings import (
    add_training,
    grant_training,
    remind_of_ends,
    remove_training,
    restore_training,
    revoke_training,
    unverify_training,
    verify_training,
)

__all__ = [
    "EDITABLE",
    "Incomplete",
    "Slot",
    "add_training",
    "by_day",
    "erase",
    "grant_training",
    "leave",
    "pause",
    "remind_of_ends",
    "remove_training",
    "restore_training",
    "resume",
    "revoke_training",
    "save",
    "send_back",
    "set_availability",
    "set_experiences",
    "start",
    "submit",
    "unverify_training",
    "verify_training",
    "welcome",
]
