"""What an expert has tried of taking part remotely, by the expert's own word; matching never reads it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import between, together
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import Expert

KEPT = "until the next test; gone with the profile"


class Item(models.TextChoices):
    """One thing that is tried; ``ITEMS`` says which are asked in which version."""

    LINK = "link", _("The link of a video meeting opens")
    SEEN = "seen", _("The others see me")
    HEARD = "heard", _("The others hear me, and I hear them")
    QUIET = "quiet", _("I have a quiet place where nobody else listens")
    MUTE = "mute", _("I can turn my microphone and camera off and on")
    SHARE = "share", _("I can show a picture or what is on my screen")
    BREAKS = "breaks", _("I know what to do when the connection breaks")


# What is asked has versions: a test tells which questions it answered, also when others are asked later.
ITEMS: dict[int, tuple[Item, ...]] = {1: tuple(Item)}
NEWEST = max(ITEMS)


class EquipmentKind(models.TextChoices):
    """What one needs for taking part remotely."""

    COMPUTER = "computer", _("Computer")
    TABLET = "tablet", _("Tablet")
    PHONE = "phone", _("Smartphone")
    CAMERA = "camera", _("Camera")
    HEADSET = "headset", _("Headset")
    CONNECTION = "connection", _("Internet connection")


class ReadinessQuerySet(models.QuerySet["Readiness"]):
    """Tests by who may see them."""

    def visible_to(self, user: User) -> ReadinessQuerySet:
        """Exactly the tests on which ``user`` has the rule ``readiness.view``."""
        if not user.is_active:
            return self.none()
        return self if user.is_counter else self.filter(expert__user=user.pk)

    def of(self, user: User) -> ReadinessQuerySet:
        """Return the own one of ``user``."""
        return self.filter(expert__user=user.pk)

    def waiting(self) -> ReadinessQuerySet:
        """Return those in which help is wished for that nobody has given yet."""
        return self.filter(wished_at__isnull=False, practised_at=None)


class Readiness(models.Model):
    """The newest test of one expert; an earlier one is not kept.

    Attributes:
        version: which questions were answered (``ITEMS``).
        works, helps: what works, and with what help is wished for; the rest does not work yet.
        kinds: what equipment there is.
        tried_at: when the questions were answered; None: help was asked for without answering them.
        wished_at: since when help has been wished for without a break, with ``helps`` or with nothing named.
        practised_at: when somebody at the counter practised together with the expert after that.
    """

    expert = models.OneToOneField(Expert, on_delete=models.CASCADE, related_name="readiness")
    version = models.PositiveSmallIntegerField()
    works = ArrayField(models.CharField(max_length=10, choices=Item), blank=True)
    helps = ArrayField(models.CharField(max_length=10, choices=Item), blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=EquipmentKind), blank=True)
    tried_at = models.DateTimeField(null=True)
    wished_at = models.DateTimeField(null=True)
    practised_at = models.DateTimeField(null=True)
    practised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReadinessQuerySet.as_manager()

    whose = "expert__user"
    personal: ClassVar = {
        "works": Personal(DataClass.ORDINARY, "making remote tasks work", KEPT),
        "helps": Personal(DataClass.SPECIAL, "helping with the connection", KEPT),
        "kinds": Personal(DataClass.ORDINARY, "arranging remote tasks", KEPT),
    }

    class Meta:
        constraints = [
            between("version", 1, 1000, name="readiness_version"),
            models.CheckConstraint(
                condition=~Q(works__overlap=models.F("helps")), name="readiness_works_or_helps"
            ),
            models.CheckConstraint(
                condition=Q(helps=[]) | Q(wished_at__isnull=False), name="readiness_wished_since"
            ),
            models.CheckConstraint(
                condition=Q(tried_at__isnull=False)
                | Q(works=[], helps=[], kinds=[], wished_at__isnull=False),
                name="readiness_tried_or_wished",
            ),
            together("practised_at", "practised_by", name="readiness_practised_by_somebody"),
            models.CheckConstraint(
                condition=Q(practised_at=None) | Q(wished_at__isnull=False),
                name="readiness_practised_what_was_wished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wished_at"],
                condition=Q(wished_at__isnull=False, practised_at=None),
                name="readiness_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"remote test {self.pk}"

    @property
    def asked(self) -> tuple[Item, ...]:
        """What was asked in the version that was answered."""
        return ITEMS[self.version]

    @property
    def is_outdated(self) -> bool:
        """Whether other things are asked now."""
        return self.version != NEWEST
