"""Advice and guidance: a question to the counter and its answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.guidance.states import QuestionState
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful


class Topic(models.TextChoices):
    """What a question is about."""

    ORDER = "order", _("Ordering an expert")
    TRAINING = "training", _("Training to become an expert")
    OTHER = "other", _("Something else")


class Question(Stateful):
    """A question from anybody; the reply goes by e-mail, or the counter calls."""

    state = models.CharField(
        max_length=20, choices=QuestionState, default=QuestionState.ASKED, editable=False
    )
    topic = models.CharField(_("what is it about"), max_length=20, choices=Topic)
    words = EncryptedTextField(_("your question"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="fi")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    personal = {
        "words": Personal(DataClass.SPECIAL, "answering the question", "2 years"),
        "answer": Personal(DataClass.SPECIAL, "answering the question", "2 years"),
        "name": Personal(DataClass.CONTACT, "answering the question", "2 years"),
        "email": Personal(DataClass.CONTACT, "answering the question", "2 years"),
        "phone": Personal(DataClass.CONTACT, "answering the question", "2 years"),
    }

    class Meta:
        constraints = [
            one_of("state", QuestionState.values, name="question_state"),
            one_of("topic", Topic.values, name="question_topic"),
            models.CheckConstraint(
                condition=~models.Q(email="")
                | ~models.Q(phone="")
                | models.Q(asked_by__isnull=False),
                name="question_can_be_answered",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="question_by_state")]

    def __str__(self) -> str:
        return f"question {self.pk}"
