"""The counter's own tools: who has taken a duty, which accounts became one."""

from luukku.workbench.models.merged import Merged, MergedQuerySet
from luukku.workbench.models.taken import TakenDuty, TakenDutyQuerySet

__all__ = ["Merged", "MergedQuerySet", "TakenDuty", "TakenDutyQuerySet"]
