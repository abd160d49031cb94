"""What waits for the counter of the search."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, objects_once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.search.models import WideReading

WIDE_READING = DutyKind(
    "wide_reading",
    _("See why somebody reads many cards"),
    page="counter:wide-reading",
    within=timedelta(days=2),
)


@WIDE_READING.finds
def wide_readings(at: Instant) -> Waiting:
    """Reasons for wide reading that nobody at the counter has seen."""
    return Waiting(WideReading.objects.waiting(), since="asked_at")


@WIDE_READING.calls
def whose_reason(keys: Collection[int]) -> dict[int, Called]:
    """Who reads."""
    return {row.pk: Called(row.user.name) for row in _readings(keys=list(keys))}


@objects_once
def _readings() -> QuerySet[WideReading]:
    return WideReading.objects.filter(with_keys()).select_related("user").only("user__name")
