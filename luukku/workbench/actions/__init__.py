"""What the counter does with its own tools."""

from luukku.workbench.actions.asking import (
    MOST_ASKED,
    Asked,
    InSeries,
    NoRoom,
    NotAskable,
    ask_candidates,
    require_askable,
)
from luukku.workbench.actions.exporting import MOST_EXPORTED, TooManyRows, export
from luukku.workbench.actions.joining import JoinedOn, join_organisation, part
from luukku.workbench.actions.merging import MergedOn, NotMerged, merge, take_back
from luukku.workbench.actions.notes import (
    NoteStands,
    correct_note,
    erase_profile,
    forget_notes,
    restore_note,
    strike_note,
    write_note,
)
from luukku.workbench.actions.reminding import NobodyReminded, remind
from luukku.workbench.actions.saving import (
    NameInUse,
    TooManySaved,
    forget_filters,
    remove_filter,
    save_filter,
)
from luukku.workbench.actions.taking import NotAtCounter, assign, forget_taken, take

__all__ = [
    "MOST_ASKED",
    "MOST_EXPORTED",
    "Asked",
    "InSeries",
    "JoinedOn",
    "MergedOn",
    "NameInUse",
    "NoRoom",
    "NobodyReminded",
    "NotAskable",
    "NotAtCounter",
    "NotMerged",
    "NoteStands",
    "TooManyRows",
    "TooManySaved",
    "ask_candidates",
    "assign",
    "correct_note",
    "erase_profile",
    "export",
    "forget_filters",
    "forget_notes",
    "forget_taken",
    "join_organisation",
    "merge",
    "part",
    "remind",
    "remove_filter",
    "require_askable",
    "restore_note",
    "save_filter",
    "strike_note",
    "take",
    "take_back",
    "write_note",
]
