"""The only way a sent order is changed: old and new of every field are kept for its history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.orders.history import picture
from luukku.orders.models import Order, Revision
from luukku.workflow.actions import lock_for
from luukku.workflow.states import Act

PLACE = frozenset({"mode", "municipality", "address"})
MONEY = frozenset({"fee_eur", "pays_travel"})
# A yes was given to these, to a place and to a time.
BOUND = frozenset(
    {"task_type", "themes", "languages", "recording", "needs_further_training", "further_kind"}
)
DECIDING = PLACE | MONEY | BOUND | {"times"}  # what an expert who is asked decides by


@dataclass
class Change:
    """A locked order that is being changed; afterwards ``names`` tells which fields really differ."""

    order: Order
    names: frozenset[str] = frozenset()


@contextmanager
def changing(
    order: Order, act: Act, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> Iterator[Change]:
    """Lock a sent order and let the caller change it; then save it, keep old and new, and audit the fields' names.

    Where nothing differs nothing is written down.

    Raises:
        PermissionDenied: neither ``by`` nor, for the counter, ``on_behalf_of`` has the rule ``act.name``.
        WrongState: the order is in none of ``act.sources``.
    """
    with transaction.atomic():
        locked = lock_for(order, act, by=by, on_behalf_of=on_behalf_of)
        was, change = picture(locked), Change(locked)
        yield change
        now = picture(locked)
        values = {name: [was[name], now[name]] for name in now if was[name] != now[name]}
        change.names = frozenset(values)
        if not values:
            return
        if change.names & DECIDING:
            locked.terms_changed_at = at
        locked.save()
        kept = Revision.objects.create(order=locked, values=values, by=by, at=at)
        data = {"fields": sorted(values), "revision": kept.pk}
        record(act.name, by=by, about=locked, at=at, on_behalf_of=on_behalf_of, data=data)
