"""Advice and guidance: a question to the counter and all that is written about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of, together
from luukku.core.distress import Sign
from luukku.core.personal import DataClass, Personal
from luukku.core.text import tel
from luukku.core.times import helsinki
from luukku.guidance.states import QuestionState
from luukku.organisations.states import OrganisationState
from luukku.privacy.fields import EncryptedTextField
from luukku.taxonomy.models import in_language
from luukku.workflow.models import Stateful

KEEP = "2 years after closing"  # ``actions.forget_old``
ANSWERING = "answering the question"
PHONE = r"^\+?[0-9][0-9 ]+$"
CHECK_EVERY = timedelta(days=365)
HURRIED_FIRST = F("hurry_on").asc(nulls_last=True)
SIGNS = [
    (Sign.SUICIDE, _("Thoughts of suicide, harming oneself")),
    (Sign.CRISIS, _("Crisis, great anxiety")),
    (Sign.VIOLENCE, _("Violence and threats")),
    (Sign.SUBSTANCES, _("Overdose, poisoning, withdrawal")),
    (Sign.NEED, _("No food, no place to sleep")),
    (Sign.HEALTH, _("A sudden illness")),
]


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

    def held_by(self, user: User) -> QuestionQuerySet:
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


class CannedAnswer(models.Model):
    """An answer that the counter gives again and again; some of them may become part of the FAQ."""

    title = models.CharField(_("question in a few words"), max_length=150)
    words = models.TextField(_("answer"))
    language = models.CharField(
        _("language"), max_length=2, choices=User._meta.get_field("language").choices, default="fi"
    )
    may_be_faq = models.BooleanField(
        _("may be published among the common questions"), default=False
    )
    is_active = models.BooleanField(_("in use"), default=True)
    used_count = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [one_of("language", ["fi", "sv", "en"], name="canned_language")]
        indexes = [models.Index(fields=["language", "-used_count"], name="canned_by_use")]

    def __str__(self) -> str:
        return self.title


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    """Lines by what they help with, and by whether anybody still knows that they are right."""

    def for_signs(self, signs: Iterable[Sign], *, language: str) -> HelpLineQuerySet:
        """Return the lines that help with one of ``signs``, and those that always do; in order of calling."""
        always_or_these = Q(signs=[]) | Q(signs__overlap=[str(sign) for sign in signs])
        return self.filter(always_or_these, is_active=True, language__in=["", language])

    def unchecked(self, on: date) -> HelpLineQuerySet:
        """Return the lines in use that nobody has checked within a year before ``on``."""
        return self.filter(Q(checked_on=None) | Q(checked_on__lte=on - CHECK_EVERY), is_active=True)


class HelpLine(models.Model):
    """A number to call at once; the counter keeps it right."""

    code = models.CharField(  # noqa: DJ001 -- of shipped ones; others have none, and no two the same
        max_length=30, unique=True, null=True, editable=False
    )
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    number = models.CharField(
        _("phone"),
        max_length=30,
        validators=[RegexValidator(PHONE, _("Write the number with digits and spaces only."))],
    )
    says_fi = models.CharField(_("when to call and when it is open, in Finnish"), max_length=200)
    says_sv = models.CharField(
        _("when to call and when it is open, in Swedish"), max_length=200, blank=True
    )
    says_en = models.CharField(
        _("when to call and when it is open, in English"), max_length=200, blank=True
    )
    signs = ArrayField(
        models.CharField(max_length=20, choices=SIGNS),
        verbose_name=_("what it helps with"),
        default=list,
        blank=True,
        help_text=_("With nothing chosen the line is always shown."),
    )
    language = models.CharField(
        _("only on pages in"),
        max_length=2,
        blank=True,
        choices=User._meta.get_field("language").choices,
    )
    source = models.CharField(_("where the number was found"), max_length=120)
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("The day when you saw the number on its owner’s own page, or called it."),
    )
    added_on = models.DateField(auto_now_add=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line for help at once")
        verbose_name_plural = _("lines for help at once")
        constraints = [
            one_of("language", ["", "fi", "sv", "en"], name="help_line_language"),
            models.CheckConstraint(
                condition=Q(signs__contained_by=[str(sign) for sign in Sign]),
                name="help_line_signs",
            ),
            models.CheckConstraint(condition=Q(number__regex=PHONE), name="help_line_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")

    @property
    def says(self) -> str:
        """When to call, in the active language."""
        return in_language(self, "says")

    @property
    def call(self) -> str:
        """The number as a link: "tel:0925250111"."""
        return tel(self.number)
