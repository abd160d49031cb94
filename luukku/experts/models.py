"""Experts by experience: what they give, when and where, and who may see which part of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between, one_of
from luukku.core.ordering import in_finnish
from luukku.core.personal import DataClass, Personal
from luukku.experts.states import ExpertState
from luukku.organisations.models import MemberRole, Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.privacy.models import Consent, Purpose
from luukku.workflow.models import Stateful

MAX_REACH_KM = 400


class Perspective(models.TextChoices):
    """Whose experience it is."""

    OWN = "own", _("Own experience")
    CLOSE_PERSON = "close_person", _("Experience as a close person")


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Experts by who may see them with their names, and by state."""

    def visible_to(self, user: User) -> ExpertQuerySet:
        """Exactly the experts on whom ``user`` has the rule ``experts.view``: name and all."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        behind = Membership.objects.standing(MemberRole.BACKGROUND).filter(user=user)
        return self.filter(
            Q(user=user) | Q(background_organisation__in=behind.values("organisation"))
        )

    def of(self, user: User) -> ExpertQuerySet:
        """Return the own profile of ``user``."""
        return self.filter(user=user)

    def active(self) -> ExpertQuerySet:
        """Return those in the bank."""
        return self.filter(state=ExpertState.ACTIVE)

    def counted(self, *, at: datetime | None = None) -> ExpertQuerySet:
        """Return those who say yes to being counted in figures now, or who said so ``at`` an instant."""
        yes = Consent.objects.filter(person=models.OuterRef("user"), purpose=Purpose.STATISTICS)
        if at is None:
            return self.filter(models.Exists(yes.valid()))
        return self.filter(
            models.Exists(
                yes.filter(given_at__lt=at).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=at))
            )
        )

    def with_answering(self) -> ExpertQuerySet:
        """Add ``is_answered_for``: the responsible person stands for the living background organisation."""
        return self.annotate(is_answered_for=self._answering())

    def answered_for(self) -> ExpertQuerySet:
        """Return those who have a responsible person at their background organisation."""
        return self.filter(self._answering())

    def without_responsible(self) -> ExpertQuerySet:
        """Return those who have a background organisation, but nobody there who answers for them."""
        return self.filter(~self._answering(), background_organisation__isnull=False)

    @staticmethod
    def _answering() -> models.Exists:
        return models.Exists(
            Membership.objects.standing(MemberRole.BACKGROUND).filter(
                user=models.OuterRef("responsible_person"),
                organisation=models.OuterRef("background_organisation"),
            )
        )

    def waiting(self) -> ExpertQuerySet:
        """Return those that the counter has to meet, oldest first."""
        return self.filter(state=ExpertState.WAITING).order_by("state_changed_at", "pk")


class Expert(Stateful):
    """A person trained to put lived experience to use."""

    moved_on_at_counter = _("Somebody was faster: the profile has already moved on.")

    state = models.CharField(
        max_length=20, choices=ExpertState, default=ExpertState.DRAFT, editable=False
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.CASCADE, related_name="expert"
    )
    code_name = models.CharField(_("code name"), max_length=40, unique=True, editable=False)
    own_words = EncryptedTextField(_("about you in your own words"), blank=True)
    themes = models.ManyToManyField("taxonomy.Theme", through="Experience", related_name="experts")
    task_types = models.ManyToManyField(
        "taxonomy.TaskType",
        verbose_name=_("tasks you would like"),
        blank=True,
        related_name="experts",
    )
    languages = models.ManyToManyField(
        "taxonomy.Language",
        verbose_name=_("languages you can work in"),
        blank=True,
        related_name="experts",
    )
    municipality = models.ForeignKey(
        "taxonomy.Municipality",
        verbose_name=_("home municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="experts",
    )
    reach_km = models.PositiveSmallIntegerField(_("how far you can travel, km"), default=50)
    is_remote_ok = models.BooleanField(_("remote tasks suit you"), default=False)
    equipment = models.CharField(
        _("equipment you have for remote tasks"), max_length=200, blank=True
    )
    monthly_limit = models.PositiveSmallIntegerField(
        _("most tasks in a month"), null=True, blank=True
    )
    is_paused = models.BooleanField(_("on a break"), default=False)
    paused_until = models.DateField(_("break until"), null=True, blank=True)
    support_needs = EncryptedTextField(_("support you need"), blank=True)
    background_organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("background organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="experts",
    )
    responsible_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="responsible_for",
    )
    # What an orderer is shown before the expert's yes; the code name and task types always are.
    shows_own_words = models.BooleanField(_("orderers see my own words"), default=True)
    shows_municipality = models.BooleanField(
        _("orderers see my municipality (otherwise only the county)"), default=True
    )
    shows_organisation = models.BooleanField(
        _("orderers see my background organisation"), default=False
    )
    made_at = models.DateTimeField(editable=False)

    objects = ExpertQuerySet.as_manager()

    whose = "user"
    personal = {
        "own_words": Personal(DataClass.SPECIAL, "finding the right expert"),
        "support_needs": Personal(DataClass.SPECIAL, "arranging a task so that it can be done"),
        "equipment": Personal(DataClass.ORDINARY, "arranging remote tasks"),
        "municipality": Personal(DataClass.ORDINARY, "finding an expert who can come"),
        "monthly_limit": Personal(DataClass.ORDINARY, "keeping the load bearable"),
        "is_paused": Personal(DataClass.ORDINARY, "keeping the load bearable"),
    }

    class Meta:
        constraints = [
            one_of("state", ExpertState.values, name="expert_state"),
            between("reach_km", 0, MAX_REACH_KM, name="expert_reach"),
            between("monthly_limit", 1, 60, name="expert_monthly_limit"),
            models.CheckConstraint(
                condition=Q(paused_until=None) | Q(is_paused=True),
                name="expert_until_needs_a_break",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExpertState.ACTIVE) | Q(municipality__isnull=False),
                name="expert_active_has_a_home",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_changed_at"], name="expert_by_state"),
            models.Index(in_finnish("code_name"), "id", name="expert_by_code_name"),
            models.Index(
                fields=["background_organisation", "responsible_person"],
                include=["id", "state_changed_at"],
                condition=Q(state=ExpertState.ACTIVE, background_organisation__isnull=False),
                name="expert_of_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.code_name


class Experience(models.Model):
    """One theme of one expert. Unshown ones are used for nothing but the expert's own record."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="experiences")
    theme = models.ForeignKey(
        "taxonomy.Theme", on_delete=models.PROTECT, related_name="experiences"
    )
    perspective = models.CharField(_("perspective"), max_length=20, choices=Perspective)
    is_shown = models.BooleanField(_("may be used for finding me tasks"), default=True)

    whose = "expert__user"
    personal = {"theme": Personal(DataClass.SPECIAL, "finding the right expert")}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "theme", "perspective"], name="one_experience_per_perspective"
            ),
            one_of("perspective", Perspective.values, name="experience_perspective"),
        ]

    def __str__(self) -> str:
        return f"experience #{self.pk}"


class WeeklySlot(models.Model):
    """A stretch of the week that suits; an expert without any is asked about any time.

    ``ends`` 00:00 is the midnight at which the day ends; what goes on after it is a stretch of the next day.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="weekly_slots")
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 0 Monday … 6 Sunday
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        constraints = [
            between("weekday", 0, 6, name="slot_weekday"),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")) | Q(ends=time(0)), name="slot_start_before_end"
            ),
            models.UniqueConstraint(
                fields=["expert", "weekday", "starts"], name="one_slot_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"


class AvailabilityException(models.Model):
    """Days on which the weekly pattern does not hold: away, or free all the same."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="exceptions")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_available = models.BooleanField(_("I am available"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="exception_start_before_end"
            ),
        ]
        indexes = [models.Index(fields=["expert", "starts_on"], name="exception_by_expert")]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"


class TrainingKind(models.TextChoices):
    """The two kinds of training the plan speaks of."""

    BASIC = "basic", _("Basic training")
    FURTHER = "further", _("Further training")


class FurtherKind(models.TextChoices):
    """What a further training is about, by the plan's names; an order may ask for one of them.

    A new one is also a column of ``further_until`` in matching's supply.sql.
    """

    DIGITAL = "digital", _("Digital skills")
    ONLINE = "online", _("Working online")
    DEVELOPER = "developer", _("Developing and influencing")
    PERFORMING = "performing", _("Performing")
    MARKETING = "marketing", _("Marketing one’s own expertise")
    PAIR = "pair", _("Working in a pair")
    PEER_LEADER = "peer_leader", _("Leading a peer group")
    OTHER = "other", _("Something else")


class CompletedTrainingQuerySet(models.QuerySet["CompletedTraining"]):
    """Trainings by whether somebody has seen the certificate."""

    def visible_to(self, user: User) -> CompletedTrainingQuerySet:
        """Exactly the ones on which ``user`` has the rule ``experts.view_training``."""
        return self.filter(expert__in=Expert.objects.visible_to(user))

    def counting(self, on: date | Expression) -> CompletedTrainingQuerySet:
        """Return the ones that count on ``on``: seen by somebody, not withdrawn, and holding still."""
        return self.filter(revoked_at=None).exclude(verified_at=None).exclude(valid_until__lt=on)

    def ending(self, on: date, *, within: int) -> CompletedTrainingQuerySet:
        """Return the ones that count ``on`` a day and end ``within`` days, without another in their place."""
        last = on + timedelta(days=within)
        other = CompletedTraining.objects.counting(last + timedelta(days=1)).filter(
            expert=models.OuterRef("expert"),
            kind=models.OuterRef("kind"),
            further_kind=models.OuterRef("further_kind"),
        )
        return self.counting(on).filter(valid_until__lte=last).exclude(models.Exists(other))

    def further(self) -> CompletedTrainingQuerySet:
        """Return the further ones."""
        return self.filter(kind=TrainingKind.FURTHER)


class CompletedTraining(models.Model):
    """A training the expert has completed, recorded by hand: a claim until somebody has seen the certificate."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="trainings")
    kind = models.CharField(_("kind"), max_length=20, choices=TrainingKind)
    further_kind = models.CharField(
        _("what the further training was about"), max_length=20, choices=FurtherKind, blank=True
    )
    name = models.CharField(_("name of the training"), max_length=150)
    producer = models.CharField(_("who trained"), max_length=150)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    run_code = models.CharField(max_length=20, blank=True, editable=False)  # "": recorded by hand
    completed_on = models.DateField(_("completed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    # Withdrawn: it counts no more, and stays on the record with its hours. Why, for the expert and the counter.
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_why = EncryptedTextField(max_length=2000, blank=True)
    # The last reminder of its end, by how many days before it was due; NULL: none yet.
    reminded_days = models.PositiveSmallIntegerField(null=True)

    objects = CompletedTrainingQuerySet.as_manager()

    whose = "expert__user"
    personal = {
        "name": Personal(DataClass.ORDINARY, "knowing what the expert is trained for"),
        "revoked_why": Personal(DataClass.SPECIAL, "telling why a training counts no more"),
    }

    class Meta:
        constraints = [
            one_of("kind", TrainingKind.values, name="training_kind"),
            one_of("further_kind", ["", *FurtherKind.values], name="training_further_kind"),
            models.CheckConstraint(
                condition=Q(further_kind="") | Q(kind=TrainingKind.FURTHER),
                name="training_further_kind_of_further",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(verified_at__isnull=False),
                name="training_revoked_was_verified",
            ),
            between("hours", 1, 2000, name="training_hours"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("completed_on")),
                name="training_valid_after_completed",
            ),
        ]
        indexes = [models.Index(fields=["expert", "-completed_on"], name="training_by_expert")]

    def __str__(self) -> str:
        return self.name
