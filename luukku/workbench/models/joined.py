"""Two organisations that were the same, made one."""

from __future__ import annotations

from django.db import models

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.organisations.models import Organisation
from luukku.organisations.states import JOIN
from luukku.workbench.models.unified import Unified, UnifiedQuerySet


class JoinedQuerySet(UnifiedQuerySet["Joined"]):
    """Joinings by who may see them."""

    def visible_to(self, user: User) -> JoinedQuerySet:
        """Exactly what ``user`` may take back by the rule ``workbench.part``."""
        return self if user.is_active and user.is_counter else self.none()


class Joined(Unified):
    """An organisation that came a second time, whose orders and people are the first one's.

    Attributes:
        was: the state of ``double`` before: what taking it back returns it to.
        added: the keys of the roles that people of ``double`` got in ``into``: what taking it back ends.
    """

    double = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="joinings")
    into = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="joined")
    was = models.CharField(max_length=20)
    added = models.JSONField(default=list)

    objects = JoinedQuerySet.as_manager()

    whose = ""  # an organisation's
    personal = {"reason": Personal(DataClass.SPECIAL, "why two organisations became one")}

    class Meta(Unified.Meta):
        constraints = [
            *Unified.Meta.constraints,
            one_of("was", sorted(JOIN.sources), name="joined_from_state"),
        ]
