"""Demand that was not met."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import between, one_of
from luukku.orders.models.order import MOST_EXPERTS, Order


class Failure(models.TextChoices):
    """The condition that left an order without experts, in the matcher's terms."""

    THEME = "theme", _("No expert on this theme")
    TASK_TYPE = "task_type", _("Nobody for this kind of task")
    LANGUAGE = "language", _("Nobody in this language")
    DISTANCE = "distance", _("Nobody near enough")
    TIME = "time", _("Nobody free at this time")
    TRAINING = "training", _("Nobody with further training")
    LOAD = "load", _("The ones who fit have enough tasks")
    NO_YES = "no_yes", _("Nobody said yes")
    PAYMENT = "payment", _("There was no money for it")
    OTHER = "other", _("Another reason")


class UnmetDemandQuerySet(models.QuerySet["UnmetDemand"]):
    """Unmet demand by whether it counts."""

    def standing(self) -> UnmetDemandQuerySet:
        """Return what counts as unmet: the need whose search ended and was not opened again.

        A search that was opened again says by its own end whether the need was met: it was, or it is counted
        then as one more. So no need counts twice, and none that was met later.
        """
        return self.filter(reopened_at=None)


class UnmetDemand(models.Model):
    """Demand that a search ended without meeting: kept as it was, whatever later happens to the order.

    It outlives the order, which retention deletes, and tells of no person: facts are copied as codes.
    What figures count is ``UnmetDemandQuerySet.standing``.
    """

    order = models.ForeignKey(Order, null=True, on_delete=models.SET_NULL, related_name="unmet")
    missing = models.PositiveSmallIntegerField()  # experts wanted and not found
    failure = models.CharField(max_length=20, choices=Failure)
    theme_codes = models.JSONField()
    task_type_code = models.CharField(max_length=40)
    municipality = models.ForeignKey("taxonomy.Municipality", null=True, on_delete=models.PROTECT)
    wanted_on = models.DateField(null=True)
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)  # when the search was opened again

    objects = UnmetDemandQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("failure", Failure.values, name="unmet_failure"),
            between("missing", 1, MOST_EXPERTS, name="unmet_missing"),
        ]
        indexes = [models.Index(fields=["at"], name="unmet_by_time")]

    def __str__(self) -> str:
        return f"order {self.order_id or '(gone)'}: {self.failure}"
