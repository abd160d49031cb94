"""What was changed in an order after it had been sent: old and new of each field."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.core.personal import DataClass, Personal
from luukku.orders.models.order import Order


class Revision(models.Model):
    """One change of a sent order. The chain of audit events holds its number and the fields' names, no values.

    Attributes:
        values: by the name of each changed field its old and its new value, as ``orders.history.picture`` makes them.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="revisions")
    values = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    whose = "order__contact"
    personal = {
        "values": Personal(
            DataClass.ORDINARY, "telling what has changed in an order", "2 years after closing"
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(values={}), name="revision_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.pk} of order {self.order_id}"
