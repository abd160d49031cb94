"""Who does what waits in the queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.accounts.models import Role, User


class TakenDutyQuerySet(models.QuerySet["TakenDuty"]):
    """Taken duties by whose they are."""

    def visible_to(self, user: User) -> TakenDutyQuerySet:
        """Exactly what ``user`` may hand out by the rule ``workbench.assign``."""
        return self if user.is_active and user.is_counter else self.none()

    def standing(self) -> TakenDutyQuerySet:
        """Return those whose assignee still serves at the counter."""
        return self.filter(assignee__is_active=True, assignee__roles__contains=[Role.COORDINATOR])


class TakenDuty(models.Model):
    """One duty and who at the counter does it.

    The duty is known by its kind and key, as ``core.duty`` tells it. One that began to wait after ``assigned_at``
    is another: nobody has taken it.
    """

    kind = models.CharField(max_length=40)
    key = models.BigIntegerField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="taken_duties"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(db_index=True)

    objects = TakenDutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_assignee_per_duty"),
            models.CheckConstraint(condition=~models.Q(kind=""), name="taken_duty_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
