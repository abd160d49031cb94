"""Two rows that stood for the same person or organisation, made one: what both kinds have."""

from __future__ import annotations

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.privacy.fields import EncryptedTextField

U = TypeVar("U", bound="Unified")


class UnifiedQuerySet(models.QuerySet[U]):
    """What was made one, by whether it still is."""

    def holding(self) -> Self:
        """Return those that have not been taken back."""
        return self.filter(taken_back_at=None)


class Unified(models.Model):
    """What came a second time, ``double``, and belongs to ``into`` from now on; each kind names the two.

    Attributes:
        moved: the keys of the rows that became ``into``'s, by ``app.model.field``: what taking it back returns.
    """

    reason = EncryptedTextField(_("how you know that they are one"))
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["double"], condition=Q(taken_back_at=None), name="%(class)s_into_one_only"
            ),
            models.CheckConstraint(condition=~Q(double=F("into")), name="%(class)s_are_two"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=F("at")),
                name="%(class)s_taken_back_after_it",
            ),
        ]
        indexes = [models.Index(fields=["into", "-at"], name="%(class)s_into")]

    def __str__(self) -> str:
        return f"#{self.pk}"
