"""What a sent order asks for and offers, changed at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from luukku.accounts.models import User
from luukku.core.fields import editable
from luukku.orders.actions.changing import changing
from luukku.orders.models import Mode, Order, OrderTheme
from luukku.orders.states import CHANGE_DETAILS
from luukku.taxonomy.models import Language, Theme

# What has an act of its own, or is who orders.
APART = frozenset({"organisation", "contact", "payment", "meeting_url"})
DETAILS = editable(Order) - APART  # those in the order's own row


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
    if unknown := fields.keys() - DETAILS:
        raise ValueError(f"Not changeable: {sorted(unknown)}")
    with changing(order, CHANGE_DETAILS, by=by, at=at) as change:
        locked = change.order
        for name, value in fields.items():
            setattr(locked, name, value)
        if locked.unit is not None and locked.unit.organisation_id != locked.organisation_id:
            raise ValueError(locked.unit)
        if locked.series is not None and locked.series.is_one_expert and locked.is_open_call:
            raise ValueError(f"Nobody signs up to one date of {locked.series}")
        if themes is not None:
            set_themes(locked, themes)
        if languages is not None:
            locked.languages.set(languages)
        if locked.mode == Mode.PLACE:
            locked.meeting_url = ""  # nobody meets there any more
    return locked, change.names


def set_themes(order: Order, themes: Iterable[tuple[Theme, str]]) -> None:
    """Make ``themes``, with a perspective or "" each, the order's."""
    wanted = {theme.pk: view for theme, view in themes}
    if wanted == dict(order.order_themes.values_list("theme_id", "perspective")):
        return
    order.order_themes.all().delete()
    OrderTheme.objects.bulk_create(
        [OrderTheme(order=order, theme_id=key, perspective=view) for key, view in wanted.items()]
    )
