"""Taking back what was done a moment ago, wholly: the rows as they were, and no letter about it.

``docs/decisions/0018-undo.md`` says why by images of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.common import lock_experts, lock_orders
from luukku.assignments.models import Assignment, Offer, Seat, Undo
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.core.rows import Image, images, put_back
from luukku.notices.actions import claim, hold_back
from luukku.notices.models import HELD, Letter
from luukku.orders.models import Order, OrderTheme, OrderTime, Revision, TimeQuestion, UnmetDemand
from luukku.orders.notices import matter

# All that an act on an order may change, the first needed by the next.
TABLES = (
    Order,
    OrderTheme,
    Order.languages.through,
    OrderTime,
    Seat,
    Offer,
    Assignment,
    UnmetDemand,
    Revision,
    TimeQuestion,
    Letter,
)

Changes = dict[str, list[tuple[Image | None, Image | None]]]
WHOLE, KEYS = "whole", "orders"


class NotUndone(Refused):
    """The moment is over: letters have left, or somebody has acted on what was done; nothing has changed."""

    words = _(
        "This can no longer be taken back with one press: the letters are on their way, or"
        " somebody has acted on it already. If it was a mistake, put it right on this page: a wrong yes"
        " by cancelling the task, a wrong no by “Said yes after all” or “Ask again”, a wrong offer by"
        " “Write down the answer” and there “Take the offer back”. Then call those whom it concerns."
    )


@contextmanager
def undoable(order: Order, *beside: Order, by: User, at: datetime) -> Iterator[None]:
    """Let ``by`` take back for ``HELD`` what the block does to ``order``, and to those beside it; letters wait so long.

    The block does its acts at ``at``, and all of them or none. What it does to other things stays.
    """
    with transaction.atomic():
        keys = sorted({one.pk for one in (order, *beside)})
        series = {one.series_id for one in (order, *beside)} - {None}
        its = Order.objects.filter(models.Q(pk__in=keys) | models.Q(series__in=series))
        # From here on nobody else changes anything of them; an act on the rest of a series locks all of it.
        lock_orders(its.values_list("pk", flat=True))
        waiting = models.Q(sent_at=None)
        before = {model: images(_rows(model, keys, waiting)) for model in TABLES}
        yield
        for key in keys:
            hold_back(matter(key), told_at=at, until=at + HELD)
        told = models.Q(pk__in=before[Letter]) | models.Q(made_at=at)
        changes = {
            model._meta.label: _changed(before[model], images(_rows(model, keys, told)))
            for model in TABLES
        }
        if any(changes.values()):
            # Where the order has moved, whatever is made of it next stands on that.
            whole = {WHOLE: _whole(keys)} if changes[Order._meta.label] else {}
            rows = json.dumps(changes | whole | {KEYS: keys})
            Undo.objects.create(order=order, by=by, at=at, until_at=at + HELD, rows=rows)


def _rows(model: type[models.Model], keys: list[int], letters: models.Q) -> models.QuerySet:
    """Return what ``model`` has of the orders ``keys``; of their letters only ``letters``."""
    if model is Letter:
        return Letter.objects.filter(letters, about__in=[matter(key) for key in keys])
    return model._base_manager.filter(**{"pk__in" if model is Order else "order__in": keys})


def _whole(keys: list[int]) -> str:
    """Return what stands for every row of the orders as it is now; their letters are looked at by themselves."""
    every = [images(_rows(model, keys, models.Q())) for model in TABLES if model is not Letter]
    return sha256(json.dumps(every, sort_keys=True).encode()).hexdigest()


def _changed(
    before: dict[int, Image], after: dict[int, Image]
) -> list[tuple[Image | None, Image | None]]:
    keys = sorted(before.keys() | after.keys())
    both = [(before.get(key), after.get(key)) for key in keys]
    return [(was, became) for was, became in both if was != became]


def undo(undo: Undo, *, by: User, at: datetime) -> Order:
    """Make the orders of the act and all that belongs to them stand as before it; what it told is never sent.

    Raises:
        PermissionDenied: ``by`` is not the one who did it.
        NotUndone: its time is over, a letter is on its way, or something has been changed since.
    """
    with transaction.atomic():
        rows: dict[str, Any] = json.loads(undo.rows)
        keys: list[int] = rows.pop(KEYS, [undo.order_id])
        lock_orders(keys)
        kept = Undo.objects.select_for_update().filter(pk=undo.pk).first()
        if kept is None:
            raise NotUndone
        undo = kept
        if not by.has_perm("assignments.undo", undo):
            raise PermissionDenied("assignments.undo")
        if undo.until_at <= at:
            raise NotUndone
        whole = rows.pop(WHOLE, None)
        changes: Changes = rows
        if whole is not None and whole != _whole(keys):
            raise NotUndone
        _keep_letters(changes[Letter._meta.label])
        lock_experts(_experts(changes[Assignment._meta.label]))
        try:
            with transaction.atomic():
                _restore(changes)
        except IntegrityError as error:  # the expert's time or the seat has been taken since
            raise NotUndone from error
        undo.delete()
        orders = list(Order.objects.filter(pk__in=keys).order_by("pk"))
        for order in orders:
            record("assignments.undo", by=by, about=order, at=at)
    return next(order for order in orders if order.pk == undo.order_id)


def _keep_letters(changed: list[tuple[Image | None, Image | None]]) -> None:
    told = [after["id"] for _before, after in changed if after is not None]
    if not claim(list(Letter.objects.filter(pk__in=told))):
        raise NotUndone


def _experts(changed: list[tuple[Image | None, Image | None]]) -> set[int]:
    return {image["expert_id"] for pair in changed for image in pair if image is not None}


def _restore(changes: Changes) -> None:
    by_table = [(model, changes[model._meta.label]) for model in TABLES]
    for model, pairs in by_table:
        keys = [one["id"] for before, after in pairs if (one := before or after)]
        now = images(model._base_manager.filter(pk__in=keys))
        if [after for _before, after in pairs] != [now.get(key) for key in keys]:
            raise NotUndone
    for model, pairs in reversed(by_table):
        new = [after["id"] for before, after in pairs if before is None and after is not None]
        model._base_manager.filter(pk__in=new).delete()
    for model, pairs in by_table:
        put_back(model, [before for before, _after in pairs if before is not None])


def forget_undos(*, before: datetime) -> int:
    """Delete what can no longer be taken back since ``before``; return how many acts."""
    return Undo.objects.filter(until_at__lt=before).delete()[0]
