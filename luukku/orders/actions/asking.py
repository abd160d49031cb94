"""Asking the orderer whether another time would suit; the times themselves are changed by ``set_times``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import forget_unsent, tell
from luukku.orders.models import Order, TimeQuestion
from luukku.orders.notices import TimeAnswered, TimeAsked, TimesStay
from luukku.orders.states import ANSWER_TIME, ASK_TIME, CLOSE_TIME
from luukku.orders.told import to_orderer
from luukku.workflow.actions import WrongState, acting, lock_for, require
from luukku.workflow.states import Act

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
    said: dict[str, int] = {}
    with acting(order, ASK_TIME, by=by, at=at, data=said) as locked:
        require_no_question(locked)
        readers = to_orderer(locked)
        if not readers:
            raise NotAsked(
                _("Nobody orders for the organisation now: name a contact person first.")
            )
        asked = TimeQuestion.objects.create(
            order=locked, proposed=kept(times), words=words, asked_by=by, asked_at=at
        )
        said["question"] = asked.pk
        for reader in readers:
            tell(TimeAsked(asked, reader), to=reader, at=at)
    return asked


def require_no_question(order: Order) -> None:
    """Refuse to ask where the time is agreed, the order has ended, or a question is open.

    Raises:
        WrongState, AskedAlready: as in ``ask_time``.
    """
    require(order, ASK_TIME)
    _require_unsettled(order, ASK_TIME)
    if order.time_questions.filter(closed_at=None).exists():
        raise AskedAlready


def answer_time(
    asked: TimeQuestion,
    times: Iterable[Span] = (),
    *,
    by: User,
    at: datetime,
    instead_of: datetime | None = None,
) -> TimeQuestion:
    """Write down the orderer's answer; the order's own times stay until the counter changes them.

    The same answer once more changes nothing and tells nobody.

    Args:
        times: those that the orderer gives instead; none: the old ones stay.
        instead_of: when the answer was given that this one takes the place of.

    Raises:
        PermissionDenied: ``by`` does not order for the organisation.
        NotAsked: it has been closed, or another answer been given; nothing has changed.
        WrongState: an expert has agreed to a time, or the order has ended.
    """
    with acting(asked.order, ANSWER_TIME, by=by, at=at, data={"question": asked.pk}) as order:
        locked = TimeQuestion.objects.select_for_update(no_key=True).get(pk=asked.pk)
        if locked.answered_at != instead_of or locked.closed_at is not None:
            raise NotAsked
        _require_unsettled(order, ANSWER_TIME)
        if instead_of is not None and locked.answer == kept(times):
            return locked
        locked.answer, locked.answered_at, locked.answered_by = kept(times), at, by
        locked.save(update_fields=["answer", "answered_at", "answered_by"])
        tell(TimeAnswered(locked), to=by, at=at)
    return locked


def close_time(order: Order, *, by: User, at: datetime) -> Order:
    """Let the question about another time rest: the times stay, and whoever gave others is told so.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: its times have been agreed, or it has ended.
        NotAsked: none is open.
    """
    with transaction.atomic():
        locked = lock_for(order, CLOSE_TIME, by=by)
        if not close_question(locked, do_times_stay=True, by=by, at=at):
            raise NotAsked
    return locked


def close_question(order: Order, *, do_times_stay: bool, by: User, at: datetime) -> bool:
    """Close what is asked about the time of ``order``, which the caller has locked; a letter that waits does not leave.

    Args:
        do_times_stay: whoever gave other times gets a letter of it: one has been promised.

    Returns:
        Whether anything was asked.
    """
    asked = order.time_questions.filter(closed_at=None).first()
    if asked is None:
        return False
    asked.closed_at = at
    asked.save(update_fields=["closed_at"])
    forget_unsent(f"{TimeAsked.kind}:{asked.pk}")
    record(CLOSE_TIME.name, by=by, about=order, at=at, data={"question": asked.pk})
    if do_times_stay and asked.answer:
        for reader in to_orderer(order):
            tell(TimesStay(asked), to=reader, at=at)
    return True


def _require_unsettled(order: Order, act: Act) -> None:
    if order.times.filter(is_settled=True).exists():
        raise WrongState(order, act)


def kept(times: Iterable[Span]) -> list[list[str]]:
    """Return times as the question holds them: two ISO instants each, the earliest first."""
    return [[one.isoformat() for one in span] for span in sorted(times)]
