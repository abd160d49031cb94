"""What waits for the counter of accounts."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import AddressChange
from luukku.accounts.queries import with_opening
from luukku.core.compiled import Instant, objects_once, with_keys
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
    return {row.pk: Called(row.user.name) for row in _changes(keys=list(keys))}


@objects_once
def _changes() -> QuerySet[AddressChange]:
    return AddressChange.objects.filter(with_keys()).select_related("user").only("user__name")
