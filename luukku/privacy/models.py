"""Consents: one row per yes, kept also after it is taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of

TEXT_VERSION = "2026-12"  # raise it when the words of Purpose or of the consent form change


class Purpose(models.TextChoices):
    """What a person may say yes to, each by itself."""

    IN_BANK = "in_bank", _("I can be suggested for tasks")
    IDENTITY = "identity", _("My name and contact details open to the orderer after my yes")
    EMAIL = "email", _("I can be told about tasks by e-mail")
    PHONE = "phone", _("I can be called or sent text messages")
    STATISTICS = "statistics", _("My tasks count in figures without my name")
    COPING = "coping", _("My responsible person sees signs that I carry too much")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by whether they hold."""

    def valid(self) -> "ConsentQuerySet":
        """Return the ones not taken back."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """A person's yes to one purpose, in the words of ``text_version``."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("purpose", Purpose.values, name="consent_purpose"),
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at=None),
                name="one_valid_consent_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"
