"""What the counter asks an orderer when another time would bring more experts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import together
from luukku.core.personal import DataClass, Personal
from luukku.orders.models.order import Order
from luukku.orders.models.wishes import OrderTime
from luukku.orders.states import UNSETTLED_STATES
from luukku.privacy.fields import EncryptedTextField


class TimeQuestionQuerySet(models.QuerySet["TimeQuestion"]):
    """Questions by who may see them and who should answer."""

    def visible_to(self, user: User) -> TimeQuestionQuerySet:
        """Exactly the questions on which ``user`` has the rule ``orders.view_time_question``."""
        return self.filter(order__in=Order.objects.visible_to(user))

    def open(self) -> TimeQuestionQuerySet:
        """Return those about orders without an agreed time that the counter has not closed."""
        agreed = OrderTime.objects.filter(order=OuterRef("order"), is_settled=True)
        going_on = self.filter(closed_at=None, order__state__in=UNSETTLED_STATES)
        return going_on.exclude(Exists(agreed))

    def waiting_for_orderer(self) -> TimeQuestionQuerySet:
        """Return the open ones that the orderer has not answered."""
        return self.open().filter(answered_at=None)

    def waiting_for_counter(self) -> TimeQuestionQuerySet:
        """Return the open ones that the orderer has answered."""
        return self.open().exclude(answered_at=None)


class TimeQuestion(models.Model):
    """Whether another time would suit, and what the orderer answered; it waits until the counter has closed it.

    Attributes:
        proposed: start and end of each time that the counter proposes, as ISO instants; none: it only asks.
        answer: the same of the times that the orderer gives instead; none: the old ones stay.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="time_questions")
    proposed = models.JSONField(default=list)
    words = EncryptedTextField(_("words to the orderer"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = models.JSONField(default=list)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = TimeQuestionQuerySet.as_manager()

    whose = "order__contact"
    personal = {
        "words": Personal(DataClass.SPECIAL, "finding another time", "2 years after closing"),
    }

    class Meta:
        constraints = [
            together("answered_at", "answered_by", name="time_question_answer_whole"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(closed_at=None), name="one_open_time_question"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} about the time of order {self.order_id}"
