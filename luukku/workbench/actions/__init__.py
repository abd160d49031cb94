"""What the counter does with its own tools."""

from luukku.workbench.actions.exporting import MOST_EXPORTED, TooManyRows, export
from luukku.workbench.actions.joining import join_organisation
from luukku.workbench.actions.merging import MergedOn, NotMerged, merge, take_back
from luukku.workbench.actions.saving import TooManySaved, remove_filter, save_filter
from luukku.workbench.actions.taking import NotAtCounter, assign, forget_taken, take

__all__ = [
    "MOST_EXPORTED",
    "MergedOn",
    "NotAtCounter",
    "NotMerged",
    "TooManyRows",
    "TooManySaved",
    "assign",
    "export",
    "forget_taken",
    "join_organisation",
    "merge",
    "remove_filter",
    "save_filter",
    "take",
    "take_back",
]
