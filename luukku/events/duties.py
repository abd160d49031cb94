"""What waits for the counter: an event to which too few come, on the day on which it is decided."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, day_at, objects_once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.events.models import TITLES, Event
from luukku.events.queries import undecided

DECIDE = DutyKind(
    "event", _("Decide whether an event is held"), page="counter:event", within=timedelta(days=1),
    tells_wait=False,
)  # fmt: skip


@DECIDE.finds
def events_to_decide(at: Instant) -> Waiting:
    """Events whose day has come while fewer come than they need; the day is the deadline."""
    rows = undecided(Event.objects.all(), on=day_at(at))
    return Waiting(rows, since="state_changed_at", due="decide_on", starts_at="starts_at")


@DECIDE.calls
def titles(keys: Collection[int]) -> dict[int, Called]:
    """The event's title, which tells of no theme."""
    return {row.pk: Called(row.title) for row in _events(keys=list(keys))}


@objects_once
def _events() -> QuerySet[Event]:
    return Event.objects.filter(with_keys()).only(*TITLES)
