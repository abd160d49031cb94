"""The common core: what those who train have agreed that every basic training holds at least."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import between
from luukku.training.models.programme import MOST_MINUTES, Programme

LONGEST_REASON = 500


class CommonCore(models.Model):
    """One version of what every basic training holds at least; the newest one is in force.

    Agreeing is a minimum: programmes may hold more, and in another order.

    Attributes:
        decision: what was decided and where, in words.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    decided_on = models.DateField(_("decided on"))
    decision = models.CharField(_("what was decided"), max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"common core {self.version}"


class CoreTopic(models.Model):
    """How long a basic training is about one topic at least: together with a trainer, and by oneself."""

    core = models.ForeignKey(CommonCore, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey("taxonomy.Topic", on_delete=models.PROTECT, related_name="+")
    contact_minutes = models.PositiveIntegerField(default=0)
    own_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["topic__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["core", "topic"], name="one_row_per_core_topic"),
            between("contact_minutes", 0, MOST_MINUTES, name="core_contact_minutes"),
            between("own_minutes", 0, MOST_MINUTES, name="core_own_minutes"),
            models.CheckConstraint(
                condition=Q(contact_minutes__gt=0) | Q(own_minutes__gt=0), name="core_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.contact_minutes} + {self.own_minutes} min"


class ProgrammeNo(models.Model):
    """That an organisation does not agree on a programme as it was proposed, and why; gone as a yes is."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="noes")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=LONGEST_REASON)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "programme noes"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"], name="one_no_per_organisation"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="no_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} does not agree on {self.programme_id}"


class ProgrammeYes(models.Model):
    """That an organisation agrees on a programme as it was proposed; gone as soon as the programme changes."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="yeses")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "programme yeses"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"], name="one_yes_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} agrees on {self.programme_id}"
