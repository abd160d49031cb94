"""The counter's own tools: who has taken a duty, notes for each other, which accounts became one, saved filters."""

from luukku.workbench.models.merged import Merged, MergedQuerySet
from luukku.workbench.models.notes import InternalNote, InternalNoteQuerySet
from luukku.workbench.models.saved import SavedFilter, SavedFilterQuerySet
from luukku.workbench.models.taken import TakenDuty, TakenDutyQuerySet

__all__ = [
    "InternalNote",
    "InternalNoteQuerySet",
    "Merged",
    "MergedQuerySet",
    "SavedFilter",
    "SavedFilterQuerySet",
    "TakenDuty",
    "TakenDutyQuerySet",
]
