"""Who has been invited to which peer meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.core.personal import DataClass, Personal
from luukku.events.models import Event
from luukku.experts.models import Expert


class Invitation(models.Model):
    """That one expert has been invited to one peer meeting."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="peer_invitations")
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    whose = "expert__user"
    personal = {
        "invited_at": Personal(
            DataClass.ORDINARY, "that nobody is left alone", "two years; gone with the profile"
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "expert"], name="one_invitation_per_expert")
        ]
        indexes = [models.Index(fields=["expert", "-invited_at"], name="invitation_by_expert")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
