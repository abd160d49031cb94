"""Two organisations that were the same, made one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.organisations.models import Organisation
from luukku.organisations.states import JOIN
from luukku.privacy.fields import EncryptedTextField


class JoinedQuerySet(models.QuerySet["Joined"]):
    """Joinings by whether they hold."""

    def visible_to(self, user: User) -> JoinedQuerySet:
        """Exactly what ``user`` may take back by the rule ``workbench.part``."""
        return self if user.is_active and user.is_counter else self.none()

    def holding(self) -> JoinedQuerySet:
        """Return those that have not been taken back."""
        return self.filter(taken_back_at=None)


class Joined(models.Model):
    """An organisation that came a second time, ``new``, whose orders and people are ``into``'s from now on.

    Attributes:
        was: the state of ``new`` before: what taking it back returns it to.
        moved: the keys of the rows that became ``into``'s, by ``app.model.field``: what taking it back returns.
        added: the keys of the roles that people of ``new`` got in ``into``: what taking it back ends.
    """

    new = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="joinings")
    into = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="joined")
    reason = EncryptedTextField(_("how you know that they are the same organisation"))
    was = models.CharField(max_length=20)
    moved = models.JSONField(default=dict)
    added = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)

    objects = JoinedQuerySet.as_manager()

    whose = ""  # an organisation's
    personal = {"reason": Personal(DataClass.SPECIAL, "why two organisations became one")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["new"], condition=Q(taken_back_at=None), name="joined_into_one_only"
            ),
            models.CheckConstraint(condition=~Q(new=F("into")), name="joined_are_two"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=F("at")),
                name="joining_taken_back_after_it",
            ),
            one_of("was", sorted(JOIN.sources), name="joined_from_state"),
        ]
        indexes = [models.Index(fields=["into", "-at"], name="joined_of_organisation")]

    def __str__(self) -> str:
        return f"#{self.pk}"
