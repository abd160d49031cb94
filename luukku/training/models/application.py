"""Who applies to a training, and what became of it."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between, one_of, together
from luukku.core.personal import DataClass, Personal
from luukku.core.times import helsinki
from luukku.events.models import Via
from luukku.organisations.models import MemberRole, Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.training.models.programme import MOST_MINUTES
from luukku.training.models.run import Run
from luukku.training.states import LIVE_APPLICATIONS, TO_ANSWER, WITH_HOURS, ApplicationState
from luukku.workflow.models import Stateful

KEEP = "a year after the training, where it was not completed"
S = ApplicationState


class Barrier(models.TextChoices):
    """What makes it hard to come to a training; the plan wants it to be easy (measure 2.4)."""

    TRAVEL = "travel", _("The way there is long or hard")
    COST = "cost", _("Costs")
    TIME = "time", _("Finding the time")
    EQUIPMENT = "equipment", _("I lack a device or a connection")
    LANGUAGE = "language", _("The language")
    ACCESSIBILITY = "accessibility", _("Accessibility or an assistant")
    CARE = "care", _("I look after somebody")


class StopReason(models.TextChoices):
    """Why somebody stops a training; nobody has to tell."""

    UNTOLD = "untold", _("Not told")
    WELLBEING = "wellbeing", _("Wellbeing")
    CARE = "care", _("Looks after somebody")
    WORK = "work", _("Work or studies")
    TRAVEL = "travel", _("Travel")
    COST = "cost", _("Costs")
    NOT_FOR_ME = "not_for_me", _("It was not the right training")
    OTHER = "other", _("Another reason")


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications by who may see them and by what waits."""

    def visible_to(self, user: User) -> ApplicationQuerySet:
        """Exactly the applications on which ``user`` has the rule ``training.view_application``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        own = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
        # A second choice is nobody's business but the person's and the counter's before its turn has come.
        is_producers = Q(
            sent_at__isnull=False, run__event__organiser__in=own.values("organisation")
        )
        return self.filter(Q(person=user) | is_producers)

    def of(self, user: User) -> ApplicationQuerySet:
        """Return the own ones of ``user``."""
        return self.filter(person=user)

    def whole(self) -> ApplicationQuerySet:
        """Return these with what their pages show."""
        return self.select_related("person", "run__event__organiser", "run__programme")

    def live(self) -> ApplicationQuerySet:
        """Return those that wait or have a place in a training that goes on."""
        return self.filter(state__in=LIVE_APPLICATIONS)

    def to_answer(self) -> ApplicationQuerySet:
        """Return those that wait for an answer, the oldest first."""
        return self.filter(state__in=TO_ANSWER).order_by("sent_at", "pk")

    def to_complete(self, at: datetime | models.Expression) -> ApplicationQuerySet:
        """Return those whose training has ended, and nobody has said yet whether they completed it."""
        return self.filter(state=S.CHOSEN, run__event__ends_at__lte=at)


class Application(Stateful):
    """One person who applies to one run.

    Attributes:
        after: the first choice, whose no sends this one on; its producer never sees that there is a second.
        sent_at: since when the producer sees it; a second choice has none before its turn.
        answered_at: when the person was chosen or not.
        reason: why not chosen, in words that the person reads.
        contact_minutes, own_minutes: what the person has done, also of a training that was stopped.
        exemption: why it counts although hours are missing.
        training: what it became in the expert's own record.
        forgotten_at: when the words that somebody told to get in were let go of.
    """

    moved_on = _("The application has changed meanwhile. Here is how it stands now.")

    state = models.CharField(max_length=20, choices=ApplicationState, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_applications"
    )
    after = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="second", editable=False
    )
    why = EncryptedTextField(_("why you would like to come"), max_length=2000, blank=True)
    barriers = ArrayField(
        models.CharField(max_length=20, choices=Barrier), default=list, blank=True
    )
    needs = EncryptedTextField(_("what would help you to come"), max_length=1000, blank=True)
    via = models.CharField(max_length=20, choices=Via)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    interview_at = models.DateTimeField(null=True, editable=False)
    interview_where = models.CharField(max_length=300, blank=True, editable=False)
    reason = EncryptedTextField(max_length=2000, blank=True)
    stop_reason = models.CharField(max_length=20, choices=StopReason, blank=True)
    contact_minutes = models.PositiveIntegerField(null=True)
    own_minutes = models.PositiveIntegerField(null=True)
    exemption = EncryptedTextField(max_length=2000, blank=True)
    training = models.OneToOneField(
        "experts.CompletedTraining",
        null=True,
        on_delete=models.SET_NULL,
        related_name="application",
    )
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    whose = "person"
    personal = {
        "why": Personal(DataClass.SPECIAL, "choosing who comes to a training", KEEP),
        "needs": Personal(DataClass.SPECIAL, "making it possible to come", KEEP),
        "barriers": Personal(DataClass.SPECIAL, "making trainings easy to come to", KEEP),
        "reason": Personal(DataClass.SPECIAL, "telling why somebody was not chosen", KEEP),
        "stop_reason": Personal(
            DataClass.SPECIAL, "making it easier to stay", "a year after the training"
        ),
        "exemption": Personal(DataClass.SPECIAL, "telling why a training counts", KEEP),
    }

    class Meta:
        constraints = [
            one_of("state", ApplicationState.values, name="application_state"),
            one_of("via", Via.values, name="application_via"),
            one_of("stop_reason", ["", *StopReason.values], name="application_stop_reason"),
            models.CheckConstraint(
                condition=Q(barriers__contained_by=Barrier.values),
                name="application_known_barriers",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.KEPT, S.WITHDRAWN, S.CALLED_OFF])
                | Q(sent_at__isnull=False),
                name="application_sent_before_more",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.KEPT) | Q(sent_at=None), name="application_kept_unseen"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CHOSEN, S.NOT_CHOSEN, S.STOPPED, S.COMPLETED])
                | Q(answered_at__isnull=False),
                name="application_answered",
            ),
            models.CheckConstraint(
                condition=Q(interview_where="") | Q(interview_at__isnull=False),
                name="application_interview_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=S.STOPPED) & ~Q(stop_reason="")
                | ~Q(state=S.STOPPED) & Q(stop_reason=""),
                name="application_stopped_with_a_reason",
            ),
            together("contact_minutes", "own_minutes", name="application_both_hours"),
            models.CheckConstraint(
                condition=Q(state__in=WITH_HOURS, contact_minutes__isnull=False)
                | ~Q(state__in=WITH_HOURS) & Q(contact_minutes=None),
                name="application_hours_where_it_has_some",
            ),
            between("contact_minutes", 0, MOST_MINUTES, name="application_contact_minutes"),
            between("own_minutes", 0, MOST_MINUTES, name="application_own_minutes"),
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(state__in=LIVE_APPLICATIONS),
                name="one_live_application_per_run",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "state"], name="application_by_run"),
            models.Index(fields=["person", "state"], name="application_by_person"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state__in=TO_ANSWER),
                name="application_to_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}: run {self.run_id}"

    def days_waited(self, today: date) -> int | None:
        """Return how many days there were from its sending to the answer, or there are until ``today``."""
        if self.sent_at is None:
            return None
        until = helsinki(self.answered_at).date() if self.answered_at else today
        return (until - helsinki(self.sent_at).date()).days

    @property
    def is_met(self) -> bool:
        """Whether there is an interview to tell of: one that is to come, or was before the answer."""
        if self.interview_at is None:
            return False
        until = self.answered_at or self.state_changed_at
        return self.state == S.INTERVIEW or until is None or self.interview_at <= until

    @property
    def barrier_names(self) -> list[str]:
        """What makes it hard, in words."""
        return [str(Barrier(one).label) for one in self.barriers]
