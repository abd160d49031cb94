"""What those who train say and decide among themselves, in one thread for each topic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Min

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.times import helsinki
from luukku.notices.actions import forget_unsent, plan_all, tell_all
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Topic
from luukku.training.models import KEEP_MESSAGES, Thread, ThreadDecision, ThreadMessage
from luukku.training.notices import DecisionGone, ThreadDecided, ThreadGoesOn
from luukku.training.queries import can_withdraw, next_morning, producers, trains_for
from luukku.training.refusals import (
    DecidedMeanwhile,
    MessageGone,
    NotDecidedYet,
    TooLateToWithdraw,
)

TWICE_WITHIN = timedelta(minutes=10)  # the same words again are the same message


def write(
    topic: Topic | None,
    *,
    words: str,
    asks: bool = True,
    organisation: Organisation | None = None,
    by: User,
    at: datetime,
) -> ThreadMessage:
    """Say something in the thread of ``topic``; the others are written to next morning, once for all of a day.

    The same words of the same person sent twice running are one message.

    Args:
        topic: None: the common core as a whole.
        asks: whether it is to be decided on; else the thread waits for nothing because of it.
        organisation: in whose name; None: the counter's own. The counter writes down what another one tells by phone.

    Raises:
        PermissionDenied: ``by`` neither stands for a producer nor is at the counter, or not for ``organisation``.
    """
    if not by.has_perm("training.write"):
        raise PermissionDenied("training.write")
    is_by_phone = _needs_phone(organisation, by=by)
    with transaction.atomic():
        thread, _is_new = Thread.objects.get_or_create(topic=topic, defaults={"begun_at": at})
        thread = _locked(thread)
        last = thread.messages.standing().filter(by=by, organisation=organisation).last()
        if last is not None and last.words == words and at - last.at <= TWICE_WITHIN:
            return last  # sent twice
        said = ThreadMessage.objects.create(
            thread=thread,
            words=words,
            asks=asks,
            by=by,
            organisation=organisation,
            is_by_phone=is_by_phone,
            at=at,
        )
        _settle(thread)
        record("training.write", by=by, about=said, at=at)
        _tell_of_messages(thread, at=at)
    return said


def _needs_phone(organisation: Organisation | None, *, by: User) -> bool:
    """Return whether ``by`` writes down at the counter what an organisation tells by phone.

    Raises:
        PermissionDenied: ``by`` may not speak in its name.
    """
    if organisation is None:
        is_allowed, is_by_phone = by.is_counter, False
    elif trains_for(by).filter(pk=organisation.pk).exists():
        is_allowed, is_by_phone = True, False
    else:
        trains = Organisation.objects.training()
        is_allowed, is_by_phone = by.is_counter and trains.contains(organisation), True
    if not is_allowed:
        raise PermissionDenied("training.write")
    return is_by_phone


def withdraw_message(message: ThreadMessage, *, by: User, at: datetime) -> ThreadMessage:
    """Take away what one has just written; nobody is written to about it.

    Raises:
        PermissionDenied: ``by`` did not write it.
        MessageGone, TooLateToWithdraw: as their names say.
    """
    with _taking_away(message, "withdraw_message", by=by, at=at) as message:
        if not can_withdraw(message, at):
            raise TooLateToWithdraw
    return message


def remove_message(message: ThreadMessage, *, reason: str, by: User, at: datetime) -> ThreadMessage:
    """Take away a message that does not belong there; the thread says that the counter did, and why.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        MessageGone: it has been taken away already.
    """
    with _taking_away(message, "remove_message", by=by, at=at) as message:
        message.removed_by, message.removed_why = by, reason
    return message


def withdraw_decision(decision: ThreadDecision, *, by: User, at: datetime) -> ThreadDecision:
    """Take away the decision in force that one has just written down; those who were told of it are told.

    Raises:
        PermissionDenied: ``by`` did not write it down.
        MessageGone, TooLateToWithdraw: as their names say; also once another has taken its place.
    """
    with _taking_away(decision, "withdraw_decision", by=by, at=at) as decision:
        newest = decision.thread.decisions.first()
        if not can_withdraw(decision, at) or newest != decision:
            raise TooLateToWithdraw
        _tell_gone(decision, by=by, at=at)
    return decision


def remove_decision(
    decision: ThreadDecision, *, reason: str, by: User, at: datetime
) -> ThreadDecision:
    """Take away a decision that is none, or says what it must not; those who train read why, and are told.

    The decision before it is in force again.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        MessageGone: it has been taken away already.
    """
    with _taking_away(decision, "remove_decision", by=by, at=at) as decision:
        decision.removed_by, decision.removed_why = by, reason
        _tell_gone(decision, by=by, at=at)
    return decision


R = TypeVar("R", ThreadMessage, ThreadDecision)


@contextmanager
def _taking_away(said: R, act: str, *, by: User, at: datetime) -> Iterator[R]:
    """Lock what was ``said``, let the caller look at it, then take its words away and audit that."""
    if not by.has_perm(f"training.{act}", said):
        raise PermissionDenied(f"training.{act}")
    with transaction.atomic():
        thread = _locked(said.thread)
        rows: Any = type(said)._default_manager.select_for_update(no_key=True)
        said = rows.get(pk=said.pk)
        if said.gone_at is not None:
            raise MessageGone
        yield said
        said.words, said.gone_at = "", at
        said.save()
        _settle(thread)
        record(f"training.{act}", by=by, about=said, at=at)
        if isinstance(said, ThreadMessage):
            _tell_anew(said, thread, at=at)


def _tell_anew(message: ThreadMessage, thread: Thread, *, at: datetime) -> None:
    """Let next morning's letters be of the messages that are left, while they have not left themselves."""
    morning = next_morning(message.at)
    if morning > at:
        forget_unsent(ThreadGoesOn.key_of(thread, morning))
        _tell_of_messages(thread, at=at)


def _tell_gone(decision: ThreadDecision, *, by: User, at: datetime) -> None:
    """Tell those who train that a decision is gone; what was to be told of it and has not left never leaves."""
    forget_unsent(f"training.decided:{decision.pk}")
    readers = [one for one in producers() if one.pk != by.pk]
    tell_all([(DecisionGone(decision, to=one), one) for one in readers], at=at)


def forget_messages(*, at: datetime) -> int:
    """Delete the messages of long ago; what was decided stays. Return how many."""
    old = ThreadMessage.objects.filter(at__lt=at - KEEP_MESSAGES)
    threads = list(Thread.objects.filter(pk__in=old.values("thread")).order_by("pk"))
    gone = 0
    for thread in threads:
        with transaction.atomic():
            locked = _locked(thread)
            gone += old.filter(thread=locked).delete()[0]
            _settle(locked)
    return gone


def decide(
    thread: Thread,
    *,
    words: str,
    decided_on: date,
    seen: int,
    organisation: Organisation | None = None,
    by: User,
    at: datetime,
) -> ThreadDecision:
    """Write down what those who train have decided; it takes the place of the one before, and they are told.

    Args:
        seen: the number of the decision that stood when this one was written, 0 for none.
        organisation: of whoever writes it down; None: the counter.

    Raises:
        PermissionDenied: ``by`` neither stands for ``organisation`` as a producer nor is at the counter.
        NotDecidedYet: the day is to come.
        DecidedMeanwhile: there is a newer one than ``seen``.
    """
    if not by.has_perm("training.decide", thread) or _needs_phone(organisation, by=by):
        raise PermissionDenied("training.decide")  # by phone it is the counter that writes it down
    if decided_on > helsinki(at).date():
        raise NotDecidedYet
    with transaction.atomic():
        thread = _locked(thread)
        newest = thread.decisions.first()
        if newest is not None and _is_same(newest, words, decided_on, by):
            return newest  # sent twice
        number = newest.number if newest else 0
        if number != seen:
            raise DecidedMeanwhile
        made = ThreadDecision.objects.create(
            thread=thread,
            number=number + 1,
            words=words,
            decided_on=decided_on,
            made_by=by,
            organisation=organisation,
            made_at=at,
        )
        _settle(thread)
        record("training.decide", by=by, about=made, at=at)
        readers = [one for one in producers() if one.pk != by.pk]
        tell_all([(ThreadDecided(made, to=one), one) for one in readers], at=at)
    return made


def settle(thread: Thread, *, by: User, at: datetime) -> Thread:
    """Say that nothing in ``thread`` is to be decided now; a message that asks for a decision makes it wait again.

    Raises:
        PermissionDenied: ``by`` neither stands for a producer nor is at the counter.
    """
    if not by.has_perm("training.settle", thread):
        raise PermissionDenied("training.settle")
    with transaction.atomic():
        thread = _locked(thread)
        if thread.waits_since is not None:
            thread.messages.filter(asks=True, at__gte=thread.waits_since).update(asks=False)
            _settle(thread)
            record("training.settle", by=by, about=thread, at=at)
    return thread


def _is_same(newest: ThreadDecision, words: str, decided_on: date, by: User) -> bool:
    sent = (words, decided_on, by.pk)
    return (newest.words, newest.decided_on, newest.made_by_id) == sent


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)


def _settle(thread: Thread) -> None:
    """Write down since when ``thread`` waits: the first message to be decided on that no decision has followed."""
    said = thread.messages.standing().filter(asks=True)
    if newest := thread.decisions.standing().first():
        said = said.filter(at__gt=newest.made_at)
    thread.waits_since = said.aggregate(first=Min("at"))["first"]
    thread.save(update_fields=["waits_since"])


def _tell_of_messages(thread: Thread, *, at: datetime) -> None:
    """Plan one letter for next morning to everybody who trains and has not written all of the day themselves."""
    morning = next_morning(at)
    since = next_morning(at) - (next_morning(morning) - morning)
    writers = set(
        thread.messages.standing().filter(at__gte=since).values_list("by", flat=True).distinct()
    )
    told = [
        (ThreadGoesOn(thread, morning, to=one), one, morning)
        for one in producers()
        if writers - {one.pk}
    ]
    plan_all(told, at=at)
