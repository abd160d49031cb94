"""That an orderer has tried the connection of a remote task: true of that link and that time only."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.core.personal import DataClass, Personal
from luukku.orders.models import Order

KEPT = "as long as the order"


class ConnectionTest(models.Model):
    """What the orderer's side told: link, camera and a quiet place have been tried.

    Attributes:
        meeting_url, begins_at: the order's link and first time as they were then; with others it is untrue again.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="connection_test")
    meeting_url = models.CharField(max_length=500)
    begins_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    whose = "order__contact"
    personal = {
        "meeting_url": Personal(DataClass.ORDINARY, "knowing which link was tried", KEPT),
    }

    def __str__(self) -> str:
        return f"connection test of order {self.order_id}"
