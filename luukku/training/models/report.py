"""What a producer tells the steering group of a training that has been held: figures, and words without names."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between
from luukku.organisations.models import MemberRole, Membership
from luukku.training.models.run import Run

MOST_VERSIONS = 999


class RunReportQuerySet(models.QuerySet["RunReport"]):
    """Reports by who may see them."""

    def visible_to(self, user: User) -> RunReportQuerySet:
        """Exactly the reports on which ``user`` has the rule ``training.view_report``."""
        if not user.is_active:
            return self.none()
        if user.is_counter or user.is_steering:
            return self
        own = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
        return self.filter(run__event__organiser__in=own.values("organisation"))

    def in_force(self) -> RunReportQuerySet:
        """Return the newest of each training."""
        return self.filter(replaced_at=None)


class RunReport(models.Model):
    """One version of what was told of a run; the newest one is in force, and its figures are never changed.

    Attributes:
        figures: as ``queries.figures_of`` made them when it was sent; of people they are told in tens.
        words: what the producer adds, without names; gone once there is a newer one or the counter has removed them.
        replaced_at: since when there is a newer one.
        removed_by, removed_at, removed_why: who at the counter took the words away, when and why.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    words = models.TextField(_("what you would like to add"), max_length=3000, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_why = models.CharField(max_length=200, blank=True)

    objects = RunReportQuerySet.as_manager()

    class Meta:
        constraints = [
            between("version", 1, MOST_VERSIONS, name="report_version"),
            models.UniqueConstraint(fields=["run", "version"], name="one_report_per_version"),
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(replaced_at=None),
                name="one_report_in_force_per_run",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_at=None) | models.Q(words=""),
                name="report_replaced_has_no_words",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_by=None, removed_at=None, removed_why="")
                | models.Q(removed_by__isnull=False, removed_at__isnull=False, words="")
                & ~models.Q(removed_why=""),
                name="report_words_removed_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["-sent_at"], name="report_by_time")]

    def __str__(self) -> str:
        return f"report {self.version} of {self.run_id}"
