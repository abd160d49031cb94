"""Saving a list as somebody wants it again."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import Role, User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.workbench.models import SavedFilter

MOST_SAVED = 20  # of one list: more would be a list of its own


class TooManySaved(Refused):
    """There is no room for one more."""

    words = _("You have 20 saved filters on this list. Remove one first.")
    field = "name"


class NameInUse(Refused):
    """``by`` has saved something else by this name."""

    words = _(
        "You have a filter of this name already. Give another name, or tick below that this one takes its place."
    )
    field = "name"


def save_filter(
    listing: str, *, name: str, query: str, replace: bool = False, by: User, at: datetime
) -> SavedFilter:
    """Keep ``query`` as ``by`` wants the list again.

    Args:
        replace: what was saved by this name before may go.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.save_filter``.
        NameInUse: another filter has the name, and may not go.
        TooManySaved: ``by`` has saved ``MOST_SAVED`` of this list.
    """
    if not by.has_perm("workbench.save_filter"):
        raise PermissionDenied("workbench.save_filter")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(
            pk=by.pk
        )  # one after the other
        own = SavedFilter.objects.visible_to(by).filter(listing=listing)
        before = own.filter(name=name).first()
        if before is not None and before.query != query and not replace:
            raise NameInUse
        if own.exclude(name=name).count() >= MOST_SAVED:
            raise TooManySaved
        saved, _is_new = SavedFilter.objects.update_or_create(
            owner=by, listing=listing, name=name, defaults={"query": query, "saved_at": at}
        )
        record("workbench.save_filter", by=by, about=saved, at=at, data={"list": listing})
    return saved


def remove_filter(saved: SavedFilter, *, by: User, at: datetime) -> None:
    """Forget a saved filter; nothing happens to one that is gone.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.remove_filter``.
    """
    if not by.has_perm("workbench.remove_filter", saved):
        raise PermissionDenied("workbench.remove_filter")
    with transaction.atomic():
        record("workbench.remove_filter", by=by, about=saved, at=at, data={"list": saved.listing})
        SavedFilter.objects.filter(pk=saved.pk).delete()


def forget_filters() -> int:
    """Delete what was saved by those who serve at the counter no more; return how many."""
    still = SavedFilter.objects.filter(
        owner__is_active=True, owner__roles__contains=[Role.COORDINATOR]
    )
    return SavedFilter.objects.exclude(pk__in=still.values("pk")).delete()[0]
