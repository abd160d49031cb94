"""What waits for the counter of the search."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.core.duty import MOST_ROWS, Duty, DutyKind
from luukku.search.models import WideReading

WIDE_READING = DutyKind(
    "wide_reading",
    _("See why somebody reads many cards"),
    page="counter:wide-reading",
    within=timedelta(days=2),
)


@WIDE_READING.finds
def wide_readings(at: datetime) -> Iterator[Duty]:
    """Reasons for wide reading that nobody at the counter has seen."""
    rows = WideReading.objects.waiting().select_related("user")[:MOST_ROWS]
    return (WIDE_READING.duty(w.pk, w.user.name, since=w.asked_at) for w in rows)
