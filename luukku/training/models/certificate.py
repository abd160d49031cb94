"""Certificates of completed trainings, which anybody who has the number can look up."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import models

from luukku.accounts.models import User
from luukku.core.constraints import together
from luukku.core.personal import DataClass, Personal
from luukku.training.models.application import Application


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates by who may see them without their number."""

    def visible_to(self, user: User) -> CertificateQuerySet:
        """Exactly the certificates of the applications that ``user`` may see."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def of(self, user: User) -> CertificateQuerySet:
        """Return the own ones of ``user``."""
        return self.filter(application__person=user)

    def numbered(self, number: str) -> CertificateQuerySet:
        """Return the one with ``number``, however it was typed; none whose training has been taken off the record."""
        plain = "".join(number.upper().split()).replace("-", "")
        return self.filter(number=plain, application__training__isnull=False)


class Certificate(models.Model):
    """What a completed training was, as it was told when the certificate was made.

    Attributes:
        number: 16 signs that nobody guesses; whoever has it can read the whole content.
        words: name as it was, training in three languages, topics with minutes, hours, whether they were
            marked at the sessions, days, and the issuer: the counter, or the producer that the person chose. No theme.
        replaced_by: the one that was made for a new name or another issuer.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="certificates"
    )
    number = models.CharField(max_length=16, unique=True)
    words = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    replaced_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    whose = "application__person"
    personal = {
        "words": Personal(
            DataClass.ORDINARY, "proving a completed training to whom the person likes"
        )
    }

    class Meta:
        constraints = [
            together("replaced_by", "replaced_at", name="certificate_replaced_at"),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(replaced_by=None),
                name="one_certificate_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"

    @property
    def shown_number(self) -> str:
        """The number in groups of four, as people read it."""
        return "-".join(self.number[n : n + 4] for n in range(0, 16, 4))

    def standing(self, on: date) -> Standing:
        """What it is worth on a day: the training says it, not the paper."""
        training = self.application.training
        if training is None or training.revoked_at is not None or training.verified_at is None:
            return Standing.REVOKED
        if self.replaced_by_id is not None:
            return Standing.REPLACED
        if training.valid_until is not None and training.valid_until < on:
            return Standing.EXPIRED
        return Standing.VALID
