"""Two accounts of one person, made one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from luukku.accounts.models import User
from luukku.core.personal import DataClass, Personal
from luukku.workbench.models.unified import Unified, UnifiedQuerySet


class MergedQuerySet(UnifiedQuerySet["Merged"]):
    """Merges by who may see them."""

    def visible_to(self, user: User) -> MergedQuerySet:
        """Exactly what ``user`` may take back by the rule ``workbench.take_back``."""
        if not (user.is_active and (user.is_counter or user.is_admin)):
            return self.none()
        return self.exclude(Q(double=user.pk) | Q(into=user.pk))


class Merged(Unified):
    """A person's second account, whose history belongs to the first one."""

    double = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="merges"
    )
    into = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="doubles"
    )

    objects = MergedQuerySet.as_manager()

    whose = "into"
    personal = {
        "reason": Personal(DataClass.SPECIAL, "why two accounts became one"),
    }

    class Meta(Unified.Meta):
        pass
