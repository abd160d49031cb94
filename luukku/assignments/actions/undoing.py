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
from luukku.organisations.models import Organisation
from luukku.organisations.notices import matter as matter_of_organisation

# All that an act on an order may change, the first needed by the next.
TABLES = (
    Organisation,  # of an act that also decides about it
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
WHOLE, KEYS, WHOSE = "whole", "orders", "organisation"


class NotUndone(Refused):
    """The moment is over: letters have left, or somebody has acted on what was done; nothing has changed."""

    words = _(
        "This can no longer be taken back with one press: the letters are on their way, or"
        " somebody has acted on it already. If it was a mistake, put it right on this page: a wrong yes"
        " by cancelling the task, a wrong no by “Said yes after all” or “Ask again”, a wrong offer by"
        " “Write down the answer” and there “Take the offer back”, wrong details by “Change the details of the"
        " order”. Then call those whom it concerns."
    )


@contextmanager
def undoable(
    order: Order,
    *beside: Order,
    by: User,
    at: datetime,
    organisation: Organisation | None = None,
) -> Iterator[None]:
    """Let ``by`` take back for ``HELD`` what the block does to ``order``, and to those beside it; letters wait so long.

    The block does its acts at ``at``, and all of them or none. What it does to other things stays.

    Args:
        organisation: whose orders they are, where the block decides about it, too.
    """
    with transaction.atomic():
        keys = sorted({one.pk for one in (order, *beside)})
        whose = [] if organisation is None else [organisation.pk]
        _lock(keys, whose)
        of = (keys, whose)
        waiting = models.Q(sent_at=None)
        before = {model: images(_rows(model, *of, waiting)) for model in TABLES}
        yield
        for about in _matters(*of):
            hold_back(about, told_at=at, until=at + HELD)
        told = models.Q(pk__in=before[Letter]) | models.Q(made_at=at)
        changes = {
            model._meta.label: _changed(before[model], images(_rows(model, *of, told)))
            for model in TABLES
        }
        if any(changes.values()):
            # Where the order has moved, whatever is made of it next stands on that.
            whole = {WHOLE: _whole(*of)} if changes[Order._meta.label] else {}
            rows = json.dumps(changes | whole | {KEYS: keys, WHOSE: whose})
            Undo.objects.create(order=order, by=by, at=at, until_at=at + HELD, rows=rows)


def _lock(keys: list[int], whose: list[int]) -> None:
    """Let nobody else change anything of the orders from here on; an act on the rest of a series locks all of it."""
    list(Organisation.objects.filter(pk__in=whose).select_for_update(no_key=True))
    series = Order.objects.filter(pk__in=keys).exclude(series=None).values("series")
    its = Order.objects.filter(models.Q(pk__in=keys) | models.Q(series__in=series))
    lock_orders(its.values_list("pk", flat=True))


def _matters(keys: list[int], whose: list[int]) -> list[str]:
    return [*(matter(key) for key in keys), *(matter_of_organisation(key) for key in whose)]


def _rows(
    model: type[models.Model], keys: list[int], whose: list[int], letters: models.Q
) -> models.QuerySet:
    """Return what ``model`` has of the orders ``keys`` and the organisations ``whose``; of letters only ``letters``."""
    if model is Letter:
        return Letter.objects.filter(letters, about__in=_matters(keys, whose))
    if model is Organisation:
        return Organisation.objects.filter(pk__in=whose)
    return model._base_manager.filter(**{"pk__in" if model is Order else "order__in": keys})


def _whole(keys: list[int], whose: list[int]) -> str:
    """Return what stands for every row of the orders as it is now, and for the other orders of the organisation.

    Their letters are looked at by themselves.
    """
    tables = (model for model in TABLES if model is not Letter)
    every: list[Any] = [images(_rows(model, keys, whose, models.Q())) for model in tables]
    others = Order.objects.filter(organisation__in=whose).order_by("pk")
    every.append(list(others.values_list("pk", "state")))
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
        whose: list[int] = rows.pop(WHOSE, [])
        _lock(keys, whose)
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
        if whole is not None and whole != _whole(keys, whose):
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
        for about in (*orders, *Organisation.objects.filter(pk__in=whose)):
            record("assignments.undo", by=by, about=about, at=at)
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
