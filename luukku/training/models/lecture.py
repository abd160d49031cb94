"""Practice lectures: dates that schools offer, taken for a training whose trainees speak there."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between, one_of
from luukku.core.fields import HTTPS_ONLY
from luukku.core.personal import DataClass, Personal
from luukku.events.models import Event, Mode
from luukku.events.states import SignUpState
from luukku.organisations.models import MemberRole, Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.training.models.run import Run
from luukku.training.states import LectureState
from luukku.workflow.models import Stateful

MOST_STUDENTS = 1000
S = LectureState


class PracticeLectureQuerySet(models.QuerySet["PracticeLecture"]):
    """Dates for practice lectures by who may see them."""

    def visible_to(self, user: User) -> PracticeLectureQuerySet:
        """Exactly those on which ``user`` has the rule ``training.view_lecture``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        producing = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
        is_to_take = Q(state=S.OPEN) & models.Exists(producing)
        is_producers = Q(run__event__organiser__in=producing.values("organisation"))
        is_trainees = Q(pk__in=self.model.objects.spoken_by(user).values("pk"))
        return self.filter(
            Q(pk__in=self.model.objects.of_school_of(user).values("pk"))
            | is_to_take
            | is_producers
            | is_trainees
        )

    def of_school_of(self, user: User) -> PracticeLectureQuerySet:
        """Return those of the organisations for which ``user`` orders."""
        own = Membership.objects.standing(MemberRole.ORDERER).filter(user=user)
        return self.filter(school__in=own.values("organisation"))

    def spoken_by(self, user: User) -> PracticeLectureQuerySet:
        """Return those at which ``user`` speaks."""
        own = Event.objects.filter(sign_ups__person=user, sign_ups__state=SignUpState.CONFIRMED)
        return self.filter(event__in=own.values("pk"))

    def whole(self) -> PracticeLectureQuerySet:
        """Return these with what their pages show."""
        return self.select_related("school", "run__event__organiser", "contact")

    def of_run(self, run: Run) -> PracticeLectureQuerySet:
        """Return those that ``run`` has taken, the soonest first."""
        return self.filter(run=run).select_related("school").order_by("starts_at", "pk")

    def to_take(self, at: datetime) -> PracticeLectureQuerySet:
        """Return those that a producer can take, the soonest first."""
        return self.filter(state=S.OPEN, starts_at__gt=at).order_by("starts_at", "pk")

    def to_count(self, at: datetime | models.Expression) -> PracticeLectureQuerySet:
        """Return those that are over and nobody has said how many students were there."""
        return self.filter(state=S.TAKEN, ends_at__lte=at)


class PracticeLecture(Stateful):
    """One date on which a school would hear somebody who is being trained.

    Attributes:
        subject: what the students study, never what anybody has lived through.
        meeting_url: the school's link, shown to those who speak there, the school and the organiser of the training.
        group_size: about how many students; students_present: how many there were.
        run, event: the training that took it, and the event of those who speak.
    """

    moved_on = _("The practice lecture has moved on meanwhile. Here is how it stands now.")

    state = models.CharField(
        max_length=20, choices=LectureState, default=LectureState.OPEN, editable=False
    )
    school = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="practice_lectures"
    )
    subject = models.CharField(_("what the students study"), max_length=120)
    group_size = models.PositiveSmallIntegerField(_("how many students"))
    mode = models.CharField(_("how one takes part"), max_length=10, choices=Mode)
    where = models.CharField(_("where"), max_length=300, blank=True)
    meeting_url = models.URLField(
        _("link for taking part remotely"),
        max_length=500,
        blank=True,
        editable=False,
        validators=[HTTPS_ONLY],
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)
    run = models.ForeignKey(
        Run, null=True, on_delete=models.PROTECT, related_name="lectures", editable=False
    )
    event = models.OneToOneField(
        Event, null=True, on_delete=models.PROTECT, related_name="lecture", editable=False
    )
    students_present = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = PracticeLectureQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", LectureState.values, name="lecture_state"),
            one_of("mode", Mode.values, name="lecture_mode"),
            between("group_size", 1, MOST_STUDENTS, name="lecture_group_size"),
            between("students_present", 0, MOST_STUDENTS, name="lecture_students_present"),
            models.CheckConstraint(
                condition=~Q(mode=Mode.PLACE) | Q(meeting_url=""), name="lecture_link_is_remote"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="lecture_start_before_end"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.TAKEN, S.HELD], run__isnull=False, event__isnull=False)
                | Q(state=S.OPEN, run=None, event=None)
                | Q(state=S.CANCELLED),
                name="lecture_taken_for_a_run",
            ),
            models.CheckConstraint(
                condition=Q(state=S.HELD, students_present__isnull=False)
                | ~Q(state=S.HELD) & Q(students_present=None),
                name="lecture_held_is_counted",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="lecture_by_state")]

    def __str__(self) -> str:
        return f"practice lecture {self.pk}"


class LectureFeedback(models.Model):
    """What the school or somebody who spoke there thought of a practice lecture; 1 poorly to 5 well."""

    class Side(models.TextChoices):
        """Who gives it."""

        SCHOOL = "school", _("School")
        TRAINEE = "trainee", _("Who spoke")

    lecture = models.ForeignKey(PracticeLecture, on_delete=models.CASCADE, related_name="feedback")
    side = models.CharField(max_length=10, choices=Side)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    well = models.PositiveSmallIntegerField()
    words = EncryptedTextField(max_length=1000, blank=True)
    given_at = models.DateTimeField()

    whose = "given_by"
    personal = {
        "words": Personal(
            DataClass.SPECIAL, "making practice lectures better", "as long as the lecture is kept"
        )
    }

    class Meta:
        constraints = [
            one_of("side", ["school", "trainee"], name="lecture_feedback_side"),
            between("well", 1, 5, name="lecture_feedback_well"),
            models.UniqueConstraint(
                fields=["lecture", "given_by"], name="one_feedback_per_lecture"
            ),
        ]

    def __str__(self) -> str:
        return f"feedback of {self.lecture_id}"
