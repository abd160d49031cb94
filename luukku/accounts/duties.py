"""What waits for the counter of accounts."""

from collections.abc import Collection
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import AddressChange
from luukku.accounts.queries import with_opening
from luukku.core.compiled import Instant
from luukku.core.duty import Called, DutyKind, Waiting

ADDRESS = DutyKind(
    "address",
    _("Change of an address: an administrator confirms it, you can stop it"),
    page="counter:person",
    within=timedelta(days=2),  # the office may be closed on the day on which it is due
)


@ADDRESS.finds
def address_changes(at: Instant) -> Waiting:
    """Changes of a lost address whose time to be stopped has come."""
    waiting = with_opening(AddressChange.objects.waiting())
    return Waiting(waiting.filter(opens_at__lte=at), since="opens_at", pk="user_id")


@ADDRESS.calls
def whose_address(keys: Collection[int]) -> dict[int, Called]:
    """Whose account it is."""
    rows = AddressChange.objects.filter(pk__in=keys).select_related("user")
    return {row.pk: Called(row.user.name) for row in rows}
