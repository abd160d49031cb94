"""Acts on the dates of a series: the single act on each of them in one transaction, told in one letter.

``docs/decisions/0032-series.md`` says why each date stays an order of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.booking import agree, tell_agreed
from luukku.assignments.actions.common import (
    AlreadyBooked,
    EveryDateNeeded,
    OfferedAlready,
    TooLate,
    lock_experts,
    lock_orders,
)
from luukku.assignments.actions.offers import decline, propose, withdraw
from luukku.assignments.actions.searching import cancel_order, give_up, open_search
from luukku.assignments.calendar import event
from luukku.assignments.dates import dates_searched
from luukku.assignments.models import Assignment, Offer, OfferQuerySet, Origin, Via
from luukku.assignments.notices import (
    Cancelled,
    OfferMade,
    OffersFilled,
    OffersMade,
    OffersNotice,
    OffersWithdrawn,
    TasksCancelled,
)
from luukku.assignments.queries import times_to_choose
from luukku.assignments.states import AssignmentState, OfferState
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.notices.actions import forget_told, tell
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Order, OrderTime, Series
from luukku.orders.notices import (
    OrderCancelled,
    OrdersCancelled,
    OrdersNotFound,
    OrdersSearching,
    matter,
)
from luukku.orders.states import CANCEL, GIVE_UP, SEARCH, OrderState
from luukku.workflow.actions import WrongState


def open_search_series(series: Series, *, by: User, at: datetime) -> list[Order]:
    """Open the search of every accepted order of the series; whom the orderer wished for is asked in one letter.

    Raises:
        WrongState: none of them waits for it any more.
    """
    with transaction.atomic():
        done = orders.act_on_each(series, SEARCH, open_search, OrdersSearching, by=by, at=at)
        asked = Offer.objects.filter(order__in=done, origin=Origin.NAMED, made_at=at)
        _tell_asked_in_one(asked, at=at)
    return done


def accept_and_search_series(series: Series, *, by: User, at: datetime) -> list[Order]:
    """Accept every order of the series that waits for it and open their searches; one letter tells of it.

    A date whose times have all passed is accepted only: the orderer is called about it.

    Raises:
        NotVetted, WrongState: as in ``orders.actions.accept_series``.
        TooLate: no date has a time to come.
    """
    with transaction.atomic():
        accepted = orders.accept_series(series, by=by, at=at)
        to_come = [one for one in accepted if times_to_choose(one, at=at)]
        if not to_come:
            raise TooLate(_("All the times have passed. Call the orderer and change them first."))
        done = [open_search(one, by=by, at=at, is_told=False) for one in to_come]
        asked = Offer.objects.filter(order__in=done, origin=Origin.NAMED, made_at=at)
        _tell_asked_in_one(asked, at=at)
    return done


def propose_series(
    series: Series,
    expert: Expert,
    *,
    by: User,
    at: datetime,
    answer_by: datetime,
    reasons: Iterable[str] = (),
    words: str = "",
) -> list[Offer]:
    """Offer every date of the series that is searched for to an expert, in one letter; each is answered by itself.

    A date is left out when it is with the expert already or when they have another agreed task at all its times.

    Args:
        answer_by, reasons, words: as in ``propose``.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no expert is looked for.
        NotInBank: the expert cannot be asked (now).
        AlreadyBooked: the same expert is wanted every time, and has another task on one of the dates.
        OfferedAlready: there is no date to ask for.
    """
    if not by.has_perm("assignments.propose"):
        raise PermissionDenied("assignments.propose")
    made: list[Offer] = []
    ask = partial(propose, by=by, at=at, answer_by=answer_by, reasons=list(reasons), words=words)
    with transaction.atomic():
        locked = lock_orders(series.orders.values_list("pk", flat=True))
        searched = [one for one in locked if one.state == OrderState.SEARCHING]
        if not searched:
            raise WrongState(locked[0])
        lock_experts([expert.pk])
        for order in searched:
            if _is_booked(expert, order, at=at):
                if series.is_one_expert:
                    raise AlreadyBooked
                continue
            with suppress(OfferedAlready, TooLate), transaction.atomic():
                made.append(ask(order, expert))
        if not made:
            raise OfferedAlready(expert)
        _tell_asked_in_one(Offer.objects.filter(pk__in=[one.pk for one in made]), at=at)
    return made


def _is_booked(expert: Expert, order: Order, *, at: datetime) -> bool:
    """Return whether the expert has another agreed task at every time that is still to choose."""
    times = times_to_choose(order, at=at)
    live = Assignment.objects.live().filter(expert=expert).exclude(order=order)
    return bool(times) and all(
        live.filter(starts_at__lt=time.ends_at, ends_at__gt=time.starts_at).exists()
        for time in times
    )


def _tell_asked_in_one(asked: OfferQuerySet, *, at: datetime) -> None:
    """Say in one letter what has been offered to each expert at ``at``."""
    for offers in _by_expert(asked):
        forget_told([f"{OfferMade.kind}:{one.pk}" for one in offers], at=at)
        tell(OffersMade(offers), to=offers[0].expert.user, at=at)


def _by_expert(offers: OfferQuerySet) -> list[list[Offer]]:
    """Return the offers of each expert who has several, by their orders."""
    rows = (
        offers.select_related("expert__user", "order__municipality", "order__series")
        .prefetch_related("order__times")
        .order_by("expert_id", "order_id")
    )
    groups = [list(its) for _expert, its in groupby(rows, key=lambda offer: offer.expert_id)]
    return [its for its in groups if len(its) > 1]


@dataclass(frozen=True)
class Answered:
    """What came of an answer to several dates.

    Attributes:
        missed: the dates whose yes could not be taken, each with why; nothing of them has changed.
    """

    agreed: list[Assignment] = field(default_factory=list)
    declined: list[Offer] = field(default_factory=list)
    missed: list[tuple[Offer, Refused]] = field(default_factory=list)


def answer_series(
    offer: Offer,
    *,
    yes: Mapping[int, OrderTime | None],
    no: Collection[int],
    by: User,
    at: datetime,
    via: Via,
    on_behalf_of: User | None = None,
) -> Answered:
    """Answer the dates of a series that are offered to the expert of ``offer``; one letter to each side.

    A date that somebody else was faster to take is missed, and the others stand; where the same expert is wanted
    every time, a yes is to all that is searched for, or nothing changes.

    Args:
        yes: by the keys of offers, which of the order's times; None where there is one.
        no: the keys of offers. What is in neither is left unanswered.

    Raises:
        PermissionDenied: ``by`` is not the one who answers.
        EveryDateNeeded: the same expert is wanted every time, and the answer is not one for all dates.
        Refused: the same expert is wanted every time, and one of the dates cannot be agreed on.
    """
    answered = Answered()
    say_yes = partial(agree, by=by, at=at, via=via, on_behalf_of=on_behalf_of)
    say_no = partial(decline, by=by, at=at, on_behalf_of=on_behalf_of)
    with transaction.atomic():
        series, expert = offer.order.series, offer.expert
        if series is not None:
            lock_orders(series.orders.values_list("pk", flat=True))
        given = Offer.objects.filter(pk__in=[*yes, *no], expert=expert, order__series=series)
        rows = given.select_related("expert__user", "order__series").order_by("pk")
        is_whole = series is not None and series.is_one_expert
        said_yes = {one.order_id for one in rows if one.pk in yes}
        if is_whole and said_yes and dates_searched(offer.order, expert, at=at) - said_yes:
            raise EveryDateNeeded
        for one in rows:
            try:
                with transaction.atomic():
                    if one.pk in yes:
                        answered.agreed.append(say_yes(one, time=yes[one.pk]))
                    else:
                        answered.declined.append(say_no(one))
            except Refused as refusal:
                if is_whole:
                    raise
                answered.missed.append((one, refusal))
        _tell_agreed_in_one(answered.agreed, at=at)
    return answered


def withdraw_series(offer: Offer, *, by: User, at: datetime) -> list[Offer]:
    """Take back every date of the series that its expert has not answered; one letter tells of all.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: everything has been answered.
    """
    with transaction.atomic():
        waiting = Offer.objects.waiting_for_expert().filter(
            expert=offer.expert, order__series=offer.order.series
        )
        lock_orders(waiting.values_list("order_id", flat=True))
        rows = list(waiting.order_by("order_id"))
        if not rows:
            raise WrongState(offer)
        gone = [withdraw(one, by=by, at=at) for one in rows]
        tell_ended_in_one([one.order_id for one in gone], OffersWithdrawn, at=at)
    return gone


def _tell_agreed_in_one(tasks: list[Assignment], *, at: datetime) -> None:
    """Say in one letter to each side what a yes has agreed on, and to others whom it was too fast for."""
    if tasks:
        tell_agreed(tasks, at=at)
        tell_ended_in_one([task.order_id for task in tasks], OffersFilled, at=at)


def tell_ended_in_one(order_ids: list[int], letter: type[OffersNotice], *, at: datetime) -> None:
    """Say in one ``letter`` to each expert which offers of these orders have just ended without an answer."""
    ended = Offer.objects.filter(
        order__in=order_ids, state=OfferState.WITHDRAWN, state_changed_at=at
    )
    for offers in _by_expert(ended):
        forget_told([f"{letter.single.kind}:{one.pk}" for one in offers], at=at)
        tell(letter(offers), to=offers[0].expert.user, at=at)


def give_up_series(series: Series, *, failure: Failure, by: User, at: datetime) -> list[Order]:
    """End the search for every date that has not been found an expert; one letter to each tells of all.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no date is searched for any more.
    """
    with transaction.atomic():
        searched = orders.locked_in(series, GIVE_UP)
        ended = [give_up(one, failure=failure, by=by, at=at) for one in searched]
        tell_ended_in_one([one.pk for one in ended], OffersWithdrawn, at=at)
        without = [one for one in ended if one.state == OrderState.NOT_FOUND]
        orders.tell_in_one(OrdersNotFound, without, at=at)
    return ended


def cancel_series(
    series: Series,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> list[Order]:
    """Cancel every order of the series that is still ahead, telling each person in one letter.

    An order whose agreed task has begun stays: it is done, not cancelled.

    Raises:
        PermissionDenied: as in ``cancel_order``.
        WrongState: nothing of the series is ahead.
    """
    with transaction.atomic():
        open_ones = orders.locked_in(series, CANCEL)
        agreed = Assignment.objects.filter(order__in=open_ones, state=AssignmentState.AGREED)
        lock_experts(agreed.values_list("expert_id", flat=True))
        begun = set(agreed.filter(starts_at__lte=at).values_list("order_id", flat=True))
        ahead = [one for one in open_ones if one.pk not in begun]
        if not ahead:
            raise WrongState(open_ones[0], CANCEL)
        tasks = list(agreed.filter(order__in=ahead).values_list("pk", flat=True))
        cancel = partial(cancel_order, whose=whose, reason=reason, on_behalf_of=on_behalf_of)
        done = [cancel(one, by=by, at=at) for one in ahead]
        _tell_cancelled_in_one(done, tasks, at=at)
    return done


def _tell_cancelled_in_one(done: list[Order], task_ids: list[int], *, at: datetime) -> None:
    if len(done) < 2:
        return
    rows = Assignment.objects.filter(pk__in=task_ids).select_related("expert__user", "order")
    tasks = list(rows.order_by("expert_id", "starts_at"))
    for _expert, theirs in groupby(tasks, key=lambda task: task.expert_id):
        off = list(theirs)
        if len(off) > 1:
            forget_told([f"{Cancelled.kind}:{task.pk}" for task in off], at=at)
            tell(TasksCancelled(off, off[0].expert.user), to=off[0].expert.user, at=at)
    tell_ended_in_one([one.pk for one in done], OffersWithdrawn, at=at)
    for reader, its in orders.told_together(done):
        singles = [
            key
            for one in its
            for key in (f"{Cancelled.kind}:{matter(one.pk)}", f"{OrderCancelled.kind}:{one.pk}")
        ]
        forget_told(singles, at=at)
        entries = partial(_off_the_calendar, _tasks_of(its, tasks), reader)
        tell(OrdersCancelled(its, entries=entries), to=reader, at=at)


def _tasks_of(its: Iterable[Order], tasks: list[Assignment]) -> list[Assignment]:
    keys = {one.pk for one in its}
    return [task for task in tasks if task.order_id in keys]


def _off_the_calendar(tasks: list[Assignment], reader: User) -> str:
    """Return what takes each order out of the orderer's calendar."""
    first = {task.order_id: task for task in tasks}
    return "".join(event(task, for_user=reader, with_method=True) for task in first.values())
