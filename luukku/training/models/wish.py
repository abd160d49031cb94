"""What people would like to be trained in, so that trainings are planned by it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.events.models import Mode, Via
from luukku.experts.models import FurtherKind
from luukku.training.models.application import Barrier

KEEP = "until it is changed or taken back, or the account is closed"


class TrainingWish(models.Model):
    """Which further trainings one person would like, where and in which way; two only until two accounts are one.

    Attributes:
        barriers: what makes it hard to come.
        municipality: near which one they should be; None: it does not matter.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_wishes"
    )
    kinds = ArrayField(models.CharField(max_length=20, choices=FurtherKind))
    mode = models.CharField(max_length=10, choices=Mode)
    municipality = models.ForeignKey(
        "taxonomy.Municipality", null=True, on_delete=models.PROTECT, related_name="+"
    )
    barriers = ArrayField(
        models.CharField(max_length=20, choices=Barrier), default=list, blank=True
    )
    via = models.CharField(max_length=20, choices=Via)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    whose = "person"
    personal = {
        "barriers": Personal(DataClass.SPECIAL, "making trainings easy to come to", KEEP),
        "kinds": Personal(DataClass.ORDINARY, "planning further trainings", KEEP),
        "municipality": Personal(DataClass.ORDINARY, "planning further trainings", KEEP),
        "mode": Personal(DataClass.ORDINARY, "planning further trainings", KEEP),
    }

    class Meta:
        verbose_name_plural = "training wishes"
        constraints = [
            one_of("mode", Mode.values, name="wish_mode"),
            one_of("via", Via.values, name="wish_via"),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=FurtherKind.values) & Q(kinds__len__gt=0),
                name="wish_of_known_kinds",
            ),
            models.CheckConstraint(
                condition=Q(barriers__contained_by=Barrier.values), name="wish_known_barriers"
            ),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"
