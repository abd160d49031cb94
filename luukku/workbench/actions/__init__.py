"""What the counter does with its own tools."""

from luukku.workbench.actions.merging import MergedOn, NotMerged, merge, take_back
from luukku.workbench.actions.taking import NotAtCounter, assign, forget_taken, take

__all__ = [
    "MergedOn",
    "NotAtCounter",
    "NotMerged",
    "assign",
    "forget_taken",
    "merge",
    "take",
    "take_back",
]
