"""What an event asks of those who sign up, and what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.events.models.event import ORGANISERS, Event
from luukku.organisations.models import Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.taxonomy.models import in_language


class AnswerKind(models.TextChoices):
    """How a question is answered."""

    TEXT = "text", _("In words")
    YES_NO = "yes_no", _("Yes or no")


class Question(models.Model):
    """One question of an event's form.

    Attributes:
        is_sensitive: the answer may tell of health or need: the organiser reads it for the event only, and it is
            deleted 30 days after.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    words_fi = models.CharField(_("question in Finnish"), max_length=300)
    words_sv = models.CharField(_("question in Swedish"), max_length=300, blank=True)
    words_en = models.CharField(_("question in English"), max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=AnswerKind, default=AnswerKind.TEXT)
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_sensitive = models.BooleanField(_("deleted 30 days after the event"), default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="one_question_per_number"),
            one_of("kind", AnswerKind.values, name="event_question_kind"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The question in the active language."""
        return in_language(self, "words")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers by who may read them."""

    def visible_to(self, user: User) -> AnswerQuerySet:
        """Exactly the answers on which ``user`` has the rule ``events.view_answer``."""
        if not user.is_active:
            return self.none()
        own = Membership.objects.standing(*ORGANISERS).filter(user=user)
        close = Q(sign_up__person=user) | Q(
            sign_up__event__organiser__in=own.values("organisation")
        )
        if user.is_counter:
            close |= Q(question__is_sensitive=False) | Q(sign_up__event__responsible=user)
        return self.filter(close)


class Answer(models.Model):
    """What somebody answered to one question."""

    sign_up = models.ForeignKey("events.SignUp", on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    words = EncryptedTextField(max_length=2000)

    objects = AnswerQuerySet.as_manager()

    whose = "sign_up__person"
    personal = {
        "words": Personal(
            DataClass.SPECIAL,
            "arranging the event for those who come",
            "sensitive ones 30 days after the event, others with the sign-up",
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_up", "question"], name="one_answer_per_question")
        ]

    def __str__(self) -> str:
        return f"answer to question {self.question_id} in sign-up {self.sign_up_id}"
