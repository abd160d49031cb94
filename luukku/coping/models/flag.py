"""Signs that somebody may be carrying too much: computed, never typed, seen by the expert first."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.coping.states import LIVE_STATES, SETTLED_STATES, FlagState
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import Expert
from luukku.privacy.fields import EncryptedTextField
from luukku.privacy.models import Consent, Purpose
from luukku.workflow.models import Stateful

KEPT = "a year after it is over; gone with the profile"


class FlagKind(models.TextChoices):
    """What the sign is; ``queries`` says when each stands."""

    HEAVY = "heavy", _("A heavy task without a talk")
    MANY = "many", _("Many tasks")
    NO_REST = "no_rest", _("No longer break")
    UNHEARD = "unheard", _("Not heard")
    SILENT = "silent", _("Offers without an answer")
    NO_PEERS = "no_peers", _("No peer meeting")


class FlagQuerySet(models.QuerySet["Flag"]):
    """Signs of load by who may see them and where they stand."""

    def visible_to(self, user: User) -> FlagQuerySet:
        """Exactly the signs on which ``user`` has the rule ``coping.view``: the expert sees a sign before others."""
        if not user.is_active:
            return self.none()
        own = Q(expert__user=user.pk)
        if user.is_counter:
            return self.filter(own | Q(passed_on_at__isnull=False))
        return self.filter(own | self._agreed_to(user))

    def of(self, user: User) -> FlagQuerySet:
        """Return the own signs of ``user``, the newest first."""
        return self.filter(expert__user=user.pk).order_by("-raised_at", "-pk")

    def live(self) -> FlagQuerySet:
        """Return those whose cause still stands."""
        return self.filter(state__in=LIVE_STATES)

    def passed_on(self) -> FlagQuerySet:
        """Return those that the counter sees."""
        return self.filter(passed_on_at__isnull=False)

    def waiting(self) -> FlagQuerySet:
        """Return those that wait for a word from the counter."""
        return self.passed_on().filter(state=FlagState.RAISED)

    @staticmethod
    def _agreed_to(user: User) -> Q:
        """Say which signs a responsible person sees: open or talked about, of whoever says yes to it now."""
        yes = Consent.objects.valid().filter(person=models.OuterRef("user"), purpose=Purpose.COPING)
        mine = Expert.objects.answered_for().filter(models.Exists(yes), responsible_person=user.pk)
        return Q(
            passed_on_at__isnull=False,
            state__in=(FlagState.RAISED, FlagState.ACTED),
            expert__in=mine.values("pk"),
        )


class Flag(Stateful):
    """One sign that one expert may be carrying too much.

    Attributes:
        evidence: keys of what it stands on: tasks, feedback or offers, by its kind.
        passed_on_at: from when on the counter sees it; before that the expert alone does.
        talk_asked_at: when the expert wished to be called about it.
        settled_by: who has talked about it or put it aside; ``reason``: why, where the counter put it aside.
    """

    moved_on = _("Somebody has already seen to this, or it is over.")

    state = models.CharField(
        max_length=20, choices=FlagState, default=FlagState.RAISED, editable=False
    )
    expert = models.ForeignKey(
        "experts.Expert", on_delete=models.CASCADE, related_name="coping_flags"
    )
    kind = models.CharField(max_length=20, choices=FlagKind)
    evidence = ArrayField(models.BigIntegerField())
    raised_at = models.DateTimeField()
    passed_on_at = models.DateTimeField(null=True)
    talk_asked_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField(max_length=2000, blank=True)

    objects = FlagQuerySet.as_manager()

    whose = "expert__user"
    personal = {
        "expert": Personal(DataClass.SPECIAL, "keeping the load bearable", KEPT),
        "reason": Personal(DataClass.SPECIAL, "telling why a sign was put aside", KEPT),
    }

    class Meta:
        constraints = [
            one_of("state", FlagState.values, name="flag_state"),
            one_of("kind", FlagKind.values, name="flag_kind"),
            models.UniqueConstraint(
                fields=["expert", "kind"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_flag_per_kind",
            ),
            models.CheckConstraint(condition=~Q(evidence=[]), name="flag_has_evidence"),
            models.CheckConstraint(
                condition=Q(passed_on_at=None) | Q(passed_on_at__gte=F("raised_at")),
                name="flag_passed_on_after_it",
            ),
            models.CheckConstraint(
                condition=Q(talk_asked_at=None) | Q(passed_on_at__isnull=False),
                name="flag_talk_is_passed_on",
            ),
            models.CheckConstraint(
                condition=Q(state=FlagState.ENDED)
                | Q(state=FlagState.RAISED, settled_by=None)
                | Q(state__in=SETTLED_STATES, settled_by__isnull=False),
                name="flag_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["passed_on_at"], condition=Q(state="raised"), name="flag_waiting"),
            models.Index(fields=["-raised_at"], name="flag_by_time"),
        ]

    def __str__(self) -> str:
        return f"flag {self.pk}"
