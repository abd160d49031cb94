"""Reminding many at once of what they owe an answer to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions import lock_orders
from luukku.audit.actions import record_all
from luukku.core.refused import Refused
from luukku.notices.actions import tell_all
from luukku.orders.models import Order
from luukku.workbench.queries import Reminders, reminders_of


class NobodyReminded(Refused):
    """Nobody's answer is awaited any more, or everybody has just been written to."""

    words = _("Nobody was reminded: what was awaited has come, or a letter has just left.")
    is_news = True


def remind(orders: Collection[Order], *, by: User, at: datetime) -> Reminders:
    """Write to everybody whose answer ``orders`` wait for, and return who was written to and who was not.

    Two who remind at once send one letter: the second finds the first one's.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.remind``.
        NobodyReminded: there is nobody to write to.
    """
    if not by.has_perm("workbench.remind"):
        raise PermissionDenied("workbench.remind")
    with transaction.atomic():
        due = reminders_of(lock_orders(order.pk for order in orders), at=at)
        if not due.letters:
            raise NobodyReminded
        tell_all([(one.notice, one.reader) for one in due.letters], at=at)
        said = [
            (order, {"kind": one.notice.kind, "to": one.reader.pk})
            for one in due.letters
            for order in one.orders
        ]
        record_all("workbench.remind", by=by, about=said, at=at)
    return due
