"""What is said and noted about a question."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.guidance.models.question import ANSWERING, KEEP, Question, Side
from luukku.privacy.fields import EncryptedTextField


class Message(models.Model):
    """What one side says to the other in a thread. Never changed, never deleted alone."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=20, choices=Side)
    words = EncryptedTextField(_("message"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    whose = "question__asked_by"
    personal = {"words": Personal(DataClass.SPECIAL, ANSWERING, KEEP)}

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("side", Side.values, name="message_side"),
            models.CheckConstraint(
                condition=Q(side=Side.ORGANISATION, organisation__isnull=False)
                | ~Q(side=Side.ORGANISATION) & Q(organisation=None),
                name="message_of_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Note(models.Model):
    """A word from one at the counter to the others there. Nobody else sees it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="notes")
    words = EncryptedTextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    whose = "question__asked_by"
    personal = {"words": Personal(DataClass.SPECIAL, ANSWERING, KEEP)}

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"
