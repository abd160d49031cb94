"""Asking the orderer whether another time would suit; the times themselves are changed by ``set_times``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.orders.models import Order, TimeQuestion
from luukku.orders.notices import TimeAnswered, TimeAsked
from luukku.orders.states import ANSWER_TIME, ASK_TIME
from luukku.orders.told import to_orderer
from luukku.workflow.actions import WrongState, require

Span = tuple[datetime, datetime]


class AskedAlready(Refused):
    """The orderer has been asked, and the counter has not closed that question."""

    words = _("The orderer has been asked about another time already.")
    is_news = True


class NotAsked(Refused):
    """The question has been answered or closed, or nobody orders for the organisation any more."""

    words = _("This question is no longer open.")
    is_news = True


def ask_time(
    order: Order, times: Iterable[Span] = (), *, words: str = "", by: User, at: datetime
) -> TimeQuestion:
    """Ask the orderer whether another time would suit, in a letter with a link where one answers.

    Args:
        times: start and end of each time that the counter proposes; none: it only asks.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: an expert has agreed to a time, or the order has ended.
        AskedAlready: a question is open.
        NotAsked: nobody orders for the organisation now.
    """
    if not by.has_perm("orders.ask_time", order):
        raise PermissionDenied("orders.ask_time")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        require(locked, ASK_TIME)
        if locked.times.filter(is_settled=True).exists():
            raise WrongState(locked, ASK_TIME)
        if locked.time_questions.filter(closed_at=None).exists():
            raise AskedAlready
        readers = to_orderer(locked)
        if not readers:
            raise NotAsked(
                _("Nobody orders for the organisation now: name a contact person first.")
            )
        asked = TimeQuestion.objects.create(
            order=locked, proposed=kept(times), words=words, asked_by=by, asked_at=at
        )
        record("orders.ask_time", by=by, about=locked, at=at, data={"question": asked.pk})
        for reader in readers:
            tell(TimeAsked(asked, reader), to=reader, at=at)
    return asked


def answer_time(
    asked: TimeQuestion, times: Iterable[Span] = (), *, by: User, at: datetime
) -> TimeQuestion:
    """Write down the orderer's answer; the order's own times stay until the counter changes them.

    Args:
        times: those that the orderer gives instead; none: the old ones stay.

    Raises:
        PermissionDenied: ``by`` does not order for the organisation.
        NotAsked: it has been answered or closed; nothing has changed.
        WrongState: an expert has agreed to a time, or the order has ended.
    """
    if not by.has_perm("orders.answer_time", asked.order):
        raise PermissionDenied("orders.answer_time")
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True).get(pk=asked.order_id)
        locked = TimeQuestion.objects.select_for_update(no_key=True).get(pk=asked.pk)
        if locked.answered_at is not None or locked.closed_at is not None:
            raise NotAsked
        require(order, ANSWER_TIME)
        locked.answer, locked.answered_at, locked.answered_by = kept(times), at, by
        locked.save(update_fields=["answer", "answered_at", "answered_by"])
        record("orders.answer_time", by=by, about=order, at=at, data={"question": locked.pk})
        tell(TimeAnswered(locked), to=by, at=at)
    return locked


def close_time(order: Order, *, by: User, at: datetime) -> Order:
    """Let the question about another time rest: the times stay, or have been changed.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        NotAsked: none is open.
    """
    if not by.has_perm("orders.ask_time", order):
        raise PermissionDenied("orders.ask_time")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if not locked.time_questions.filter(closed_at=None).update(closed_at=at):
            raise NotAsked
        record("orders.close_time", by=by, about=locked, at=at)
    return locked


def kept(times: Iterable[Span]) -> list[list[str]]:
    """Return times as the question holds them: two ISO instants each, the earliest first."""
    return [[one.isoformat() for one in span] for span in sorted(times)]
