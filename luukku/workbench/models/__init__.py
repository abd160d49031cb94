"""The counter's own tools: who has taken a duty."""

from luukku.workbench.models.taken import TakenDuty, TakenDutyQuerySet

__all__ = ["TakenDuty", "TakenDutyQuerySet"]
