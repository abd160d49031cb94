"""Certificates and records of training as PDF, as the worker wrote them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.training.models.certificate import Certificate

LANGUAGES = ("fi", "sv", "en")


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers by whose they are."""

    def of(self, user: User) -> PaperQuerySet:
        """Return the own ones of ``user``."""
        return self.filter(person=user)


class Paper(models.Model):
    """A PDF in one language: of a certificate, or of somebody's whole record of trainings.

    Attributes:
        certificate: NULL in a record.
        digest: SHA-256 of what it says: when that has changed, the paper is old and another is written.
        pdf: NULL where the machine could not write it, so that nobody waits for what does not come.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.CASCADE, related_name="papers"
    )
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    whose = "person"
    personal = {
        "pdf": Personal(DataClass.ORDINARY, "proving completed trainings to whom the person likes")
    }

    class Meta:
        constraints = [
            one_of("language", LANGUAGES, name="paper_language"),
            models.UniqueConstraint(
                fields=["person", "certificate", "language"],
                nulls_distinct=False,
                name="one_paper_each",
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"
