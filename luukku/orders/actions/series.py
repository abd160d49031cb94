"""Orders that repeat go their first steps together: one act, one letter.

Each date stays an order of its own. An act on a series is the single act on each of its orders that waits for
it, all of them or none, their rows locked lowest key first; what each of them tells is said in one letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.notices.actions import forget_told, tell
from luukku.orders.actions.drafts import record_draft, set_payment, twin_of, write_times
from luukku.orders.actions.moves import accept, decline, send_untold
from luukku.orders.models import Order, Payment, Series
from luukku.orders.notices import OrdersAccepted, OrdersDeclined, OrdersNotice, OrdersReceived
from luukku.orders.queries import first_day, times_on
from luukku.orders.states import ACCEPT, DECLINE, SEND, SET_PAYMENT, OrderState
from luukku.orders.told import to_orderer
from luukku.workflow.actions import WrongState
from luukku.workflow.states import Act, Move

MOST_REPEATS = 12


def repeat(
    order: Order,
    *,
    days: Sequence[date],
    every: str = "",
    is_one_expert: bool = False,
    by: User,
    at: datetime,
) -> list[Order]:
    """Make a further draft for each of ``days``, at its ``queries.times_on``, and tie them together.

    Args:
        days: 1 to 12 days after the order's first one.
        every: the rule that the days were suggested by, one of ``Every``; "" for none.
        is_one_expert: the same expert is wanted every time; then nobody signs up to a single date.

    Raises:
        PermissionDenied: ``by`` may not copy the order.
        ValueError: ``days`` are none, too many, twice the same, or not after the first day.
        WrongState: the order is no draft any more: repeating is decided before sending.
    """
    first = first_day(order)
    if not 1 <= len(set(days)) == len(days) <= MOST_REPEATS or first is None or min(days) <= first:
        raise ValueError(f"Not later days, each once: {days}")
    if not by.has_perm("orders.copy", order):
        raise PermissionDenied("orders.copy")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if locked.state != OrderState.DRAFT:
            raise WrongState(locked, SEND)
        series = locked.series or Series.objects.create(
            every=every, is_one_expert=is_one_expert, made_at=at
        )
        locked.series = series
        locked.is_open_call = locked.is_open_call and not series.is_one_expert
        locked.save(update_fields=["series", "is_open_call"])
        twins = []
        for day in sorted(days):
            twin = twin_of(locked, by=by, at=at, series=series)
            twin.payment = locked.payment
            twin.save(update_fields=["payment"])
            write_times(twin, times_on(locked, day))
            record_draft("orders.copy", twin, by=by, at=at, data={"from": locked.pk})
            twins.append(twin)
    return twins


def send_series(
    order: Order,
    *,
    days: Sequence[date],
    every: str = "",
    is_one_expert: bool = False,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> list[Order]:
    """Send the order and one more of it for each of ``days``, all of them or none; one letter lists them.

    Args:
        every, is_one_expert: as in ``repeat``.

    Raises:
        Incomplete, WrongState: as ``send``.
        PermissionDenied, ValueError: as ``repeat``.
    """
    with transaction.atomic():
        twins = repeat(order, days=days, every=every, is_one_expert=is_one_expert, by=by, at=at)
        sent = [
            send_untold(one, by=by, at=at, on_behalf_of=on_behalf_of) for one in (order, *twins)
        ]
        for reader in to_orderer(sent[0]):
            tell(OrdersReceived(sent), to=reader, at=at)
    return sent


def accept_series(series: Series, *, by: User, at: datetime) -> list[Order]:
    """Accept every order of the series that waits for it, for the counter; one letter tells of all.

    Raises:
        NotVetted: as in ``accept``; nothing has changed.
        WrongState: none of them waits any more; somebody was faster.
    """
    return act_on_each(series, ACCEPT, accept, OrdersAccepted, by=by, at=at)


def decline_series(series: Series, *, reason: str, by: User, at: datetime) -> list[Order]:
    """Decline every order of the series that may be declined, with the same words; one letter tells of all.

    Raises:
        WrongState: none of them can be declined any more.
    """

    def decline_one(order: Order, *, by: User, at: datetime) -> Order:
        return decline(order, reason=reason, by=by, at=at)

    return act_on_each(series, DECLINE, decline_one, OrdersDeclined, by=by, at=at)


def set_payment_series(series: Series, payment: Payment, *, by: User, at: datetime) -> list[Order]:
    """Write down what is now known of the payment of every order of the series that is under way.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: none is under way.
    """
    with transaction.atomic():
        under_way = locked_in(series, SET_PAYMENT)
        return [set_payment(one, payment, by=by, at=at) for one in under_way]


def act_on_each(
    series: Series,
    move: Move,
    act: Callable[..., Order],
    letter: type[OrdersNotice],
    *,
    by: User,
    at: datetime,
) -> list[Order]:
    """Do ``act`` to every order of the series that ``move`` may start from; one ``letter`` tells of all.

    Raises:
        WrongState: there is none.
    """
    with transaction.atomic():
        done = [act(one, by=by, at=at) for one in locked_in(series, move)]
        tell_in_one(letter, done, at=at)
    return done


def locked_in(series: Series, move: Act) -> list[Order]:
    """Return the orders of the series that ``move`` may start from, their rows locked, the lowest key first.

    Raises:
        WrongState: there is none.
    """
    rows = list(series.orders.select_for_update(no_key=True).order_by("pk"))
    locked = [one for one in rows if one.state in move.sources]
    if not locked:
        raise WrongState(rows[0], move)
    return locked


def tell_in_one(letter: type[OrdersNotice], orders: list[Order], *, at: datetime) -> None:
    """Say in one ``letter`` to each orderer what has just been told of several of ``orders`` at ``at``."""
    for reader, its in told_together(orders):
        forget_told([f"{letter.single.kind}:{one.pk}" for one in its], at=at)
        tell(letter(its), to=reader, at=at)


def told_together(orders: Iterable[Order]) -> list[tuple[User, list[Order]]]:
    """Return each person who is told of two or more of ``orders``, with these: contacts may differ by date."""
    readers: dict[tuple[int | None, int | None], list[User]] = {}
    told: dict[int, tuple[User, list[Order]]] = {}
    for one in orders:
        who = one.organisation_id, one.contact_id
        if who not in readers:
            readers[who] = to_orderer(one)
        for reader in readers[who]:
            told.setdefault(reader.pk, (reader, []))[1].append(one)
    return [(reader, its) for reader, its in told.values() if len(its) > 1]
