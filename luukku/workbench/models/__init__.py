"""The counter's own tools: who has taken a duty, notes, which accounts and organisations became one, saved filters."""

from luukku.workbench.models.joined import Joined, JoinedQuerySet
from luukku.workbench.models.merged import Merged, MergedQuerySet
from luukku.workbench.models.notes import InternalNote, InternalNoteQuerySet
from luukku.workbench.models.saved import SavedFilter, SavedFilterQuerySet
from luukku.workbench.models.taken import TakenDuty, TakenDutyQuerySet

__all__ = [
    "InternalNote",
    "InternalNoteQuerySet",
    "Joined",
    "JoinedQuerySet",
    "Merged",
    "MergedQuerySet",
    "SavedFilter",
    "SavedFilterQuerySet",
    "TakenDuty",
    "TakenDutyQuerySet",
]
