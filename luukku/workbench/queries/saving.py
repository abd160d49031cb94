"""What one has kept of the counter's lists."""

from __future__ import annotations

from django.db.models import BigIntegerField, CharField, QuerySet

from luukku.accounts.models import User
from luukku.core.compiled import Given, objects_once
from luukku.core.ordering import in_finnish
from luukku.workbench.models import SavedFilter


def saved_filters(user: User, listing: str) -> list[SavedFilter]:
    """Return the filters of ``listing`` that ``user`` has saved and may see, by name."""
    may = user.is_active and user.is_counter
    return _saved(owner=user.pk, listing=listing) if may else []


@objects_once
def _saved() -> QuerySet[SavedFilter]:
    owner, listing = Given("owner", BigIntegerField()), Given("listing", CharField())
    return SavedFilter.objects.filter(owner=owner, listing=listing).order_by(in_finnish("name"))
