"""What a sent order asks for and offers, changed at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.orders.models import Mode, Order, OrderTheme
from luukku.orders.states import CHANGE_DETAILS
from luukku.taxonomy.models import Language, Theme
from luukku.workflow.actions import require

PLACE = frozenset({"mode", "municipality", "address"})
MONEY = frozenset({"fee_eur", "pays_travel"})
# A yes was given to these: who wants others needs a new order.
BOUND = frozenset({"themes", "languages", "recording"})
DECIDING = PLACE | MONEY | BOUND  # what an expert who is asked decides by
DETAILS = (DECIDING - {"themes", "languages"}) | {  # those in the order's own row
    "title",
    "goal",
    "expert_does",
    "audience",
    "audience_size",
    "others_present",
    "has_children",
    "has_interpreter",
    "accessibility",
    "equipment",
    "preparation",
    "offers_pretalk",
    "offers_debrief",
}
CHANGEABLE = DETAILS | DECIDING


def change_details(
    order: Order,
    *,
    by: User,
    at: datetime,
    themes: Iterable[tuple[Theme, str]] | None = None,
    languages: Iterable[Language] | None = None,
    **fields: Any,
) -> tuple[Order, frozenset[str]]:
    """Change what a sent order asks for; return it with the names of what really differs.

    ``assignments.actions.change_details`` keeps what experts have said yes to, and tells them.

    Args:
        themes: whole new list of (theme, perspective or "").

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it is a draft, is done or has ended.
    """
    if unknown := fields.keys() - CHANGEABLE:
        raise ValueError(f"Not changeable: {sorted(unknown)}")
    if not by.has_perm("orders.change_details", order):
        raise PermissionDenied("orders.change_details")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        require(locked, CHANGE_DETAILS)
        changed = {name for name, value in fields.items() if getattr(locked, name) != value}
        for name in changed:
            setattr(locked, name, fields[name])
        if themes is not None and set_themes(locked, themes):
            changed.add("themes")
        if languages is not None:
            wanted = list(languages)
            if {one.pk for one in wanted} != set(locked.languages.values_list("pk", flat=True)):
                locked.languages.set(wanted)
                changed.add("languages")
        if locked.mode == Mode.PLACE:
            locked.meeting_url = ""  # nobody meets there any more
        if changed & DECIDING:
            locked.terms_changed_at = at
        if changed:
            locked.save()
            data = {"fields": sorted(changed)}
            record("orders.change_details", by=by, about=locked, at=at, data=data)
    return locked, frozenset(changed)


def set_themes(order: Order, themes: Iterable[tuple[Theme, str]]) -> bool:
    """Make ``themes``, with a perspective or "" each, the order's; return whether they are others than before."""
    themes = list(themes)
    before = set(order.order_themes.values_list("theme_id", "perspective"))
    if before == {(theme.pk, view) for theme, view in themes}:
        return False
    order.order_themes.all().delete()
    OrderTheme.objects.bulk_create(
        [OrderTheme(order=order, theme=theme, perspective=view) for theme, view in themes]
    )
    return True
