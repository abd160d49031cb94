"""A question to the counter, and to whom it has been handed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of, together
from luukku.core.personal import DataClass, Personal
from luukku.core.times import helsinki
from luukku.guidance.states import QuestionState
from luukku.organisations.states import OrganisationState
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful

KEEP = "2 years after closing"  # ``actions.forget_old``
ANSWERING = "answering the question"
HURRIED_FIRST = F("hurry_on").asc(nulls_last=True)


class Kind(models.TextChoices):
    """Why somebody writes to the counter."""

    ADVICE = "advice", _("Advice")
    ACCESSIBILITY = "accessibility", _("Feedback on accessibility")
    FEEDBACK = "feedback", _("Feedback on the service")


class Topic(models.TextChoices):
    """What a question is about."""

    ORDER = "order", _("Ordering an expert")
    TRAINING = "training", _("Training to become an expert")
    OTHER = "other", _("Something else")


class ClosedAs(models.TextChoices):
    """Why a thread ended."""

    HELPED = "helped", _("It helped")
    NOT_NEEDED = "not_needed", _("No answer is needed any more")
    QUIET = "quiet", _("Nobody has written for a month")
    SPAM = "spam", _("Spam")


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions by who may see them and by what they wait for."""

    def visible_to(self, user: User) -> QuestionQuerySet:
        """Exactly the questions on which ``user`` has the rule ``guidance.view``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        return self.filter(Q(asked_by=user) | Q(pk__in=Question.objects.held_by(user)))

    def asked_by(self, user: User) -> QuestionQuerySet:
        """Return the own ones of ``user``."""
        return self.filter(asked_by=user)

    def anonymous(self) -> QuestionQuerySet:
        """Return the ones of nobody with an account: a code or a link opens them."""
        return self.filter(asked_by=None)

    def held_by(self, user: User | models.Expression) -> QuestionQuerySet:
        """Return the ones handed over to an organisation whose contact person ``user`` is."""
        return self.filter(
            state=QuestionState.HANDED_OVER,
            pk__in=HandOver.objects.filter(
                ended_at=None,
                organisation__state=OrganisationState.VETTED,
                organisation__memberships__user=user,
                organisation__memberships__is_contact=True,
            ).values("question"),
        )

    def answered_for(self, user: User) -> QuestionQuerySet:
        """Return the ones that an organisation whose contact person ``user`` is has answered."""
        given = HandOver.objects.filter(
            organisation__state=OrganisationState.VETTED,
            organisation__memberships__user=user,
            organisation__memberships__is_contact=True,
            question__messages__side=Side.ORGANISATION,
            question__messages__at=F("ended_at"),
        )
        return self.filter(pk__in=given.values("question"))

    def to_call(self) -> QuestionQuerySet:
        """Return the ones that an organisation has answered and whose asker hears of it by phone only."""
        own = models.Q(messages__side=Side.ORGANISATION, messages__at=F("state_changed_at"))
        return self.filter(
            own, state=QuestionState.FOLLOWED, asked_by=None, code_mark=None, email=""
        )

    def waiting(self) -> QuestionQuerySet:
        """Return the ones that the counter owes an answer, the most urgent first."""
        return self.filter(state=QuestionState.ASKED).order_by(
            HURRIED_FIRST, "due_on", "asked_at", "pk"
        )

    def late(self, at: datetime) -> QuestionQuerySet:
        """Return the ones whose promise has been broken."""
        return self.filter(state=QuestionState.ASKED, due_on__lt=helsinki(at).date())


class Question(Stateful):
    """A thread: somebody asks, the counter answers, either may write again until it is closed.

    Attributes:
        due_on: by when an answer is promised to the asker.
        hurry_on: since when the counter reads it before all others, whoever holds it; nobody is promised this.
    """

    moved_on = _("The thread has moved on. Nothing was changed.")
    moved_on_at_counter = _("Somebody was faster: the question has already moved on.")

    state = models.CharField(
        max_length=20, choices=QuestionState, default=QuestionState.ASKED, editable=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ADVICE)
    topic = models.CharField(_("what is it about"), max_length=20, choices=Topic)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="fi")
    came_from = models.CharField(max_length=200, blank=True)
    code_mark = models.CharField(  # noqa: DJ001 -- many have none, and no two the same
        max_length=64, null=True, unique=True, editable=False
    )
    asked_by = models.ForeignKey(  # erased with the person: the words are theirs
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="questions"
    )
    taken_by = models.ForeignKey(  # who at the counter wrote it down for the asker
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    remind_on = models.DateField(null=True)
    hurry_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned"
    )
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    closed_as = models.CharField(max_length=20, choices=ClosedAs, blank=True)

    objects = QuestionQuerySet.as_manager()

    whose = "asked_by"
    personal = {
        "name": Personal(DataClass.CONTACT, ANSWERING, KEEP),
        "email": Personal(DataClass.CONTACT, ANSWERING, KEEP),
        "phone": Personal(DataClass.CONTACT, ANSWERING, KEEP),
        "code_mark": Personal(DataClass.ORDINARY, "opening the thread without a name", KEEP),
        "came_from": Personal(DataClass.ORDINARY, "knowing what the question is about", KEEP),
        "tags": Personal(DataClass.ORDINARY, "finding questions alike", KEEP),
        "hurry_on": Personal(DataClass.ORDINARY, "answering at once", "until it is answered"),
    }

    class Meta:
        constraints = [
            one_of("state", QuestionState.values, name="question_state"),
            one_of("kind", Kind.values, name="question_kind"),
            one_of("topic", Topic.values, name="question_topic"),
            one_of("closed_as", ["", *ClosedAs.values], name="question_closed_as"),
            together("due_on", "remind_on", name="question_promise_and_reminder"),
            models.CheckConstraint(
                condition=Q(state=QuestionState.ASKED, due_on__isnull=False)
                | ~Q(state=QuestionState.ASKED) & Q(due_on=None),
                name="question_promised_while_asked",
            ),
            models.CheckConstraint(
                condition=Q(hurry_on=None)
                | Q(state__in=[QuestionState.ASKED, QuestionState.HANDED_OVER]),
                name="question_hurried_while_open",
            ),
            models.CheckConstraint(
                condition=Q(state=QuestionState.CLOSED) & ~Q(closed_as="")
                | ~Q(state=QuestionState.CLOSED) & Q(closed_as=""),
                name="question_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(email="")
                | ~Q(phone="")
                | Q(asked_by__isnull=False)
                | Q(code_mark__isnull=False),
                name="question_can_be_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="question_by_state"),
            models.Index(
                fields=["due_on", "asked_at"],
                condition=Q(state=QuestionState.ASKED),
                name="question_by_promise",
            ),
            GinIndex(fields=["tags"], name="question_by_tag"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who asks: a code opens the thread."""
        return self.code_mark is not None

    @property
    def is_called(self) -> bool:
        """Whether the asker is reached by phone only: no letter leaves, and no code opens the thread."""
        return not (self.asked_by_id or self.email or self.is_anonymous)

    @property
    def title(self) -> str:
        """What it is about, in words without the asker's own."""
        if self.kind == Kind.ADVICE:
            return str(self.get_topic_display())
        return str(self.get_kind_display())


class Side(models.TextChoices):
    """Who says a message of a thread."""

    ASKER = "asker", _("Asker")
    COUNTER = "counter", _("Counter")
    ORGANISATION = "organisation", _("Organisation")


class HandOver(models.Model):
    """Another organisation answers: one of the register, at its desk, or an outside one as agreed."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="hand_overs")
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    outside_name = models.CharField(_("organisation"), max_length=150, blank=True)
    agreed = EncryptedTextField(_("what was agreed"), blank=True)
    shows_contact = models.BooleanField(_("contact details may be given"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    follow_on = models.DateField(_("follow up on"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    whose = "question__asked_by"
    personal = {"agreed": Personal(DataClass.SPECIAL, ANSWERING, KEEP)}

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) & ~Q(outside_name="")
                | Q(organisation__isnull=False, outside_name=""),
                name="hand_over_to_one",
            ),
            together("ended_at", "ended_by", name="hand_over_ended_by_somebody"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(ended_at=None), name="one_open_hand_over"
            ),
        ]
        indexes = [
            models.Index(
                fields=["follow_on"], condition=Q(ended_at=None), name="hand_over_to_follow"
            )
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    @property
    def to_name(self) -> str:
        """Who answers."""
        return self.organisation.name if self.organisation else self.outside_name
