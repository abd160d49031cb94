"""What every search for experts reads: one row per (theme, expert), written by triggers with the profile."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from luukku.experts.models import FurtherKind
from luukku.orders.models import Order

FURTHER_PLACES = {kind: place for place, kind in enumerate(["", *FurtherKind.values], 1)}
NO_FURTHER = 0  # no further training is asked for


def further_place(order: Order) -> int:
    """Return where ``further_until`` holds what ``order`` asks for: 1 is any further training, then each kind."""
    return FURTHER_PLACES[order.further_kind] if order.needs_further_training else NO_FURTHER


class Supply(models.Model):
    """One expert under one theme that an order may ask for; theme 0 stands for "any theme".

    An expert has a row for each of their themes and its broader one (weight 2) and for the narrower ones
    of a broad theme (weight 1). Nothing here is written by Python: see migration 0002.
    """

    theme = models.BigIntegerField()
    expert = models.ForeignKey("experts.Expert", on_delete=models.CASCADE, related_name="+")
    municipality = models.CharField(max_length=3)
    reach_km = models.SmallIntegerField()
    weight = models.SmallIntegerField()
    perspectives = models.SmallIntegerField()  # bits: 1 own, 2 close person
    is_remote_ok = models.BooleanField()
    task_types = models.BigIntegerField()  # bits: TaskType.bit
    languages = models.BigIntegerField()  # bits: Language.bit
    # The last day of the further trainings that count, by ``further_place``; far off where there is no end.
    further_until = ArrayField(models.DateField(null=True), null=True)
    tasks = (
        models.SmallIntegerField()
    )  # live ones that began within 12 months before ``counted_at`` or later
    last_task_at = models.DateTimeField(null=True)
    praise = models.SmallIntegerField()  # 0–3 from orderers' feedback

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "theme"], name="one_supply_row_per_theme"),
        ]
        indexes = [
            models.Index(
                fields=["theme", "municipality", "reach_km"],
                include=[
                    "expert",
                    "weight",
                    "perspectives",
                    "is_remote_ok",
                    "task_types",
                    "languages",
                    "further_until",
                    "tasks",
                    "last_task_at",
                    "praise",
                ],
                name="supply_by_theme_and_place",
            ),
            models.Index(
                fields=["theme", "expert"],
                include=[
                    "municipality",
                    "reach_km",
                    "weight",
                    "perspectives",
                    "task_types",
                    "languages",
                    "further_until",
                    "tasks",
                    "last_task_at",
                    "praise",
                ],
                condition=models.Q(is_remote_ok=True),
                name="supply_remote_by_theme",
            ),
            models.Index(fields=["reach_km"], name="supply_by_reach"),
        ]

    def __str__(self) -> str:
        return f"{self.theme}: {self.expert_id}"
