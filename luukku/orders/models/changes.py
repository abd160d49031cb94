"""What somebody asks to be changed in an order that has been sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import together
from luukku.core.personal import DataClass, Personal
from luukku.orders.models.order import Order
from luukku.orders.states import OPEN_STATES
from luukku.privacy.fields import EncryptedTextField


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    """Requests by who may see them and by whether they wait."""

    def visible_to(self, user: User) -> ChangeRequestQuerySet:
        """Exactly the requests on which ``user`` has the rule ``orders.view_change``."""
        return self.filter(order__in=Order.objects.visible_to(user))

    def waiting(self) -> ChangeRequestQuerySet:
        """Return those about orders under way that the counter has not answered, the oldest first."""
        waiting = self.filter(answered_at=None, order__state__in=OPEN_STATES)
        return waiting.order_by("asked_at", "pk")


class ChangeRequest(models.Model):
    """What an orderer asks to be changed in an order that has been sent, and what the counter answered."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="change_requests")
    words = EncryptedTextField(_("what should be changed"), max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = ChangeRequestQuerySet.as_manager()

    whose = "asked_by"
    personal = {
        "words": Personal(DataClass.SPECIAL, "changing the order", "2 years after closing"),
        "answer": Personal(DataClass.SPECIAL, "changing the order", "2 years after closing"),
    }

    class Meta:
        constraints = [
            together("answered_at", "answered_by", name="change_request_answer_whole"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(answered_at__isnull=True),
                name="change_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} about order {self.order_id}"
