"""Orders that repeat: the same task on several days."""

from __future__ import annotations

from django.db import models

from luukku.core.constraints import one_of
from luukku.core.recurring import Every


class Series(models.Model):
    """What ties orders together that were sent as one: each date is an order of its own.

    Attributes:
        every: the rule by which the days were first suggested; "" where nobody knows it any more.
        is_one_expert: the same expert is wanted every time: a yes is to all dates that are searched for.
    """

    every = models.CharField(max_length=10, choices=Every, blank=True, editable=False)
    is_one_expert = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [one_of("every", ["", *Every.values], name="series_every")]

    def __str__(self) -> str:
        return f"series {self.pk}"
