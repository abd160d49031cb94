"""Two accounts of one person, made one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.personal import DataClass, Personal
from luukku.privacy.fields import EncryptedTextField


class MergedQuerySet(models.QuerySet["Merged"]):
    """Merges by whether they hold."""

    def visible_to(self, user: User) -> MergedQuerySet:
        """Exactly what ``user`` may take back by the rule ``workbench.take_back``."""
        if not (user.is_active and (user.is_counter or user.is_admin)):
            return self.none()
        return self.exclude(Q(double=user.pk) | Q(into=user.pk))

    def holding(self) -> MergedQuerySet:
        """Return those that have not been taken back."""
        return self.filter(taken_back_at=None)


class Merged(models.Model):
    """A person's second account, ``double``, whose history belongs to ``into`` from now on.

    Attributes:
        moved: the keys of the rows that became ``into``'s, by ``app.model.field``: what taking it back returns.
    """

    double = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="merges"
    )
    into = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="doubles"
    )
    reason = EncryptedTextField(_("how you know that they are one person"))
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)

    objects = MergedQuerySet.as_manager()

    whose = "into"
    personal = {
        "reason": Personal(DataClass.SPECIAL, "why two accounts became one"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["double"], condition=Q(taken_back_at=None), name="merged_into_one_only"
            ),
            models.CheckConstraint(condition=~Q(double=F("into")), name="merged_are_two"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=F("at")),
                name="merge_taken_back_after_it",
            ),
        ]
        indexes = [models.Index(fields=["into", "-at"], name="merged_of_person")]

    def __str__(self) -> str:
        return f"#{self.pk}"
