"""What waits for the counter of accounts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import AddressChange
from luukku.accounts.queries import with_opening
from luukku.core.duty import MOST_ROWS, Duty, DutyKind

ADDRESS = DutyKind(
    "address",
    _("Confirm or stop the change of an address"),
    page="counter:person",
    within=timedelta(days=2),  # the office may be closed on the day on which it is due
)


@ADDRESS.finds
def address_changes(at: datetime) -> Iterator[Duty]:
    """Changes of a lost address whose time to be stopped has come."""
    waiting = with_opening(AddressChange.objects.waiting())
    rows = waiting.filter(opens_at__lte=at).select_related("user")[:MOST_ROWS]
    return (ADDRESS.duty(c.user_id, c.user.name, since=c.opens_at) for c in rows)
