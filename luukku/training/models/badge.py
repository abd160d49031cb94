"""Open Badges of certificates, and who signs them."""

from __future__ import annotations

from secrets import randbelow

from django.db import models
from django.db.models import Q

from luukku.core.badges import LIST_SIZE
from luukku.core.encrypted import cipher
from luukku.organisations.models import Organisation
from luukku.training.models.certificate import Certificate


class BadgeIssuer(models.Model):
    """Who signs badges: the counter, or a producer whom somebody has chosen to be named. The key never leaves here."""

    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BinaryField()  # the private key, encrypted with the keys of fields
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], nulls_distinct=False, name="one_issuer_each"
            )
        ]

    def __str__(self) -> str:
        return f"issuer {self.pk}"

    @property
    def key(self) -> str:
        """The private key as PEM."""
        return cipher().decrypt(bytes(self.sealed)).decode()

    @staticmethod
    def seal(key: str) -> bytes:
        """Return a private key as it is kept."""
        return cipher().encrypt(key.encode())


class BadgeQuerySet(models.QuerySet["Badge"]):
    """Badges by what they are worth."""

    def revoked(self) -> BadgeQuerySet:
        """Return the ones that hold no more; one that has run out says so itself."""
        training = "certificate__application__training"
        return self.filter(
            Q(certificate=None)
            | Q(certificate__replaced_at__isnull=False)
            | Q(**{training: None})
            | Q(**{f"{training}__revoked_at__isnull": False})
            | Q(**{f"{training}__verified_at": None})
        )


class Badge(models.Model):
    """The badge of a certificate. It is signed when somebody fetches it, each time the same.

    Attributes:
        certificate: NULL when it was deleted: the badge is revoked then.
        subject: whom the badge is about: a number of its own, so that nobody needs an e-mail or is tracked by one.
        index: its place in the issuer's list of revoked badges, by chance, never used again.
    """

    certificate = models.OneToOneField(
        Certificate, null=True, on_delete=models.SET_NULL, related_name="badge"
    )
    issuer = models.ForeignKey(BadgeIssuer, on_delete=models.PROTECT, related_name="badges")
    subject = models.UUIDField(unique=True)
    index = models.PositiveIntegerField()

    objects = BadgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "index"], name="one_badge_at_an_index"),
            models.CheckConstraint(condition=Q(index__lt=LIST_SIZE), name="badge_index_in_list"),
        ]

    def __str__(self) -> str:
        return f"badge {self.pk}"


def free_index(issuer: BadgeIssuer) -> int:
    """Return a place in the list of ``issuer`` that no badge has had."""
    used = set(issuer.badges.values_list("index", flat=True))
    while (index := randbelow(LIST_SIZE)) in used:
        pass
    return index
