"""What the counter does with its own tools."""

from luukku.workbench.actions.taking import NotAtCounter, assign, forget_taken, take

__all__ = ["NotAtCounter", "assign", "forget_taken", "take"]
