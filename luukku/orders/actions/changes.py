"""What an orderer asks to be changed in an order that has been sent; the counter answers."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.orders.models import ChangeRequest, Order
from luukku.orders.notices import ChangeAnswered, ChangeReceived
from luukku.orders.states import ASK_CHANGE
from luukku.orders.told import to_orderer
from luukku.workflow.actions import acting


class AnsweredAlready(Refused):
    """Somebody at the counter was faster."""

    words = _("Somebody was faster: the request has been answered already.")
    is_news = True


def ask_change(order: Order, words: str, *, by: User, at: datetime) -> ChangeRequest:
    """Ask the counter to change a sent order; ``by`` gets a letter of receipt with the day of the answer.

    Raises:
        PermissionDenied: the order is somebody else's.
        WrongState: it is a draft, is done or has ended.
    """
    said: dict[str, int] = {}
    with acting(order, ASK_CHANGE, by=by, at=at, data=said) as locked:
        asked = ChangeRequest.objects.create(order=locked, words=words, asked_by=by, asked_at=at)
        said["request"] = asked.pk
        tell(ChangeReceived(asked), to=by, at=at)
    return asked


def answer_change(asked: ChangeRequest, answer: str, *, by: User, at: datetime) -> ChangeRequest:
    """Tell who orders, and who asked while they may see the order, what the counter did about it.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        AnsweredAlready: it has been answered; nothing has changed.
    """
    if not by.has_perm("orders.answer_change", asked.order):
        raise PermissionDenied("orders.answer_change")
    with transaction.atomic():
        locked = ChangeRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
        if locked.answered_at is not None:
            raise AnsweredAlready
        locked.answer, locked.answered_at, locked.answered_by = answer, at, by
        locked.save(update_fields=["answer", "answered_at", "answered_by"])
        record(
            "orders.answer_change", by=by, about=locked.order, at=at, data={"request": locked.pk}
        )
        asker = [locked.asked_by] if locked.asked_by.has_perm("orders.view", locked.order) else []
        for reader in sorted({*to_orderer(locked.order), *asker}, key=lambda person: person.pk):
            tell(ChangeAnswered(locked), to=reader, at=at)
    return locked
