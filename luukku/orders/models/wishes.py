"""What an order is about, and when: its themes and times."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of
from luukku.experts.models import Perspective
from luukku.orders.models.order import Order


class OrderTheme(models.Model):
    """A theme that the expert should know, and from whose perspective."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="order_themes")
    theme = models.ForeignKey("taxonomy.Theme", on_delete=models.PROTECT, related_name="+")
    perspective = models.CharField(
        _("perspective"),
        max_length=20,
        choices=[("", _("Either")), *Perspective.choices],
        blank=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "theme"], name="one_row_per_order_theme"),
            one_of("perspective", ["", *Perspective.values], name="order_theme_perspective"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.theme_id}"


class OrderTime(models.Model):
    """A time that suits the orderer. The first yes of an expert settles which one it is."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="order_time_start_before_end"
            ),
            models.UniqueConstraint(fields=["order", "starts_at"], name="one_order_time_per_start"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(is_settled=True), name="one_settled_time_per_order"
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "order"], name="order_time_by_start")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    def is_past(self, at: datetime) -> bool:
        """Return whether the time has begun at ``at``."""
        return self.starts_at <= at
