"""The yes: an offer becomes an agreed task that holds a seat and a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import translation

from luukku.accounts.models import User
from luukku.assignments.actions.common import (
    AlreadyBooked,
    EveryDateNeeded,
    NoSeatLeft,
    NoTimeSuits,
    NotInBank,
    TimeNeeded,
    TooLate,
    lock_as_it_is,
    lock_experts,
    lock_orders,
    reminders,
)
from luukku.assignments.dates import dates_searched
from luukku.assignments.models import Assignment, Offer, Origin, Seat, Via
from luukku.assignments.notices import (
    Agreed,
    OfferFilled,
    TasksAgreed,
    where,
)
from luukku.assignments.queries import free_seats, times_that_suit, times_to_choose
from luukku.assignments.states import (
    ACCEPT,
    WITHDRAW,
)
from luukku.core.constraints import refused_as
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.experts.states import ExpertState
from luukku.notices.actions import plan_all, tell_all
from luukku.notices.notice import Notice
from luukku.orders import actions as orders
from luukku.orders.models import Mode, Order, OrderTime
from luukku.orders.states import OrderState
from luukku.orders.told import told_of
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.workflow.actions import WrongState, move_all, moving


def accept(
    offer: Offer,
    *,
    by: User,
    at: datetime,
    via: Via,
    time: OrderTime | None = None,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Say yes: the offer becomes an agreed assignment that holds a seat and a time.

    For a proposal the expert says yes, for a sign-up the counter does. The first yes settles the order's
    time; when the last seat is taken the order is staffed and everybody else is thanked.

    Raises:
        PermissionDenied: ``by`` is not the one who answers.
        WrongState: the offer has been answered or taken back, or the expert has left the bank.
        NotInBank: who signed up has taken the consent to be suggested back since.
        NoTimeSuits: who signed up said yes to none of the order's times of now.
        NoSeatLeft, AlreadyBooked, TimeNeeded, TooLate, EveryDateNeeded: as their names say; nothing has changed.
    """
    with transaction.atomic():
        _require_no_other_date(offer, at=at)
        agreed = agree(offer, by=by, at=at, via=via, time=time, on_behalf_of=on_behalf_of)
        tell_agreed([agreed], at=at)
    return agreed


def _require_no_other_date(offer: Offer, *, at: datetime) -> None:
    """Refuse a yes to one date only where the same expert is wanted every time."""
    series = offer.order.series
    if series is not None and series.is_one_expert:
        lock_orders(series.orders.values_list("pk", flat=True))
        if dates_searched(offer.order, offer.expert, at=at) - {offer.order_id}:
            raise EveryDateNeeded


def agree(
    offer: Offer,
    *,
    by: User,
    at: datetime,
    via: Via,
    time: OrderTime | None = None,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Say yes to one offer as ``accept`` does, whatever else of its series is searched for; the caller tells of it.

    In the caller's transaction, whose part that was begun for this yes is taken back where it is refused.

    Raises:
        Refused: as in ``accept``, but for ``EveryDateNeeded``.
    """
    order = lock_as_it_is(offer.order_id)
    if order.state == OrderState.STAFFED:
        raise NoSeatLeft
    if order.state != OrderState.SEARCHING:
        raise WrongState(order, ACCEPT)
    with moving(offer, ACCEPT, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
        offer.order = order
        if offer.expires_at <= at:
            raise TooLate
        chosen = _choose_time(offer, time, at=at)
        seats = list(free_seats(order))
        if not seats:
            raise NoSeatLeft
        expert = lock_experts([offer.expert_id])[offer.expert_id]
        if expert.state != ExpertState.ACTIVE:
            raise WrongState(expert, ACCEPT)
        if offer.origin == Origin.SIGNED_UP and not has_consent(expert.user, Purpose.IN_BANK):
            raise NotInBank
        offer.answered_for = [(chosen.starts_at, chosen.ends_at)]
        assignment = _book(offer, order, seats[0], chosen, by=by, at=at, via=via)
    _settle(chosen)
    machine = User.objects.machine()
    orders.close_question(order, do_times_stay=False, by=machine, at=at)
    if len(seats) == 1:
        fill(order, by=machine, at=at, is_told=False)
        order.refresh_from_db(fields=["state"])
    return assignment


def _choose_time(offer: Offer, time: OrderTime | None, *, at: datetime) -> OrderTime:
    if not times_to_choose(offer.order, at=at):
        raise TooLate
    choices = times_that_suit(offer, at=at)
    if not choices:
        raise NoTimeSuits
    if time is None and len(choices) > 1:
        raise TimeNeeded
    chosen = choices[0] if time is None else next((t for t in choices if t.pk == time.pk), None)
    if chosen is None:
        raise TimeNeeded
    return chosen


def _book(
    offer: Offer, order: Order, seat: Seat, time: OrderTime, *, by: User, at: datetime, via: Via
) -> Assignment:
    is_sign_up = offer.origin == Origin.SIGNED_UP
    refusals: dict[str, Refused] = {
        "nobody_is_booked_twice": AlreadyBooked(),
        "one_expert_per_seat": NoSeatLeft(),
    }
    with refused_as(refusals):
        return Assignment.objects.create(
            order=order,
            offer=offer,
            expert=offer.expert,
            seat=seat,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            mode=order.mode,
            place=place_of(order),
            fee_eur=order.fee_eur,
            pays_travel=order.pays_travel,
            expert_agreed_at=offer.made_at if is_sign_up else at,
            expert_agreed_via=_sign_up_via(offer) if is_sign_up else via,
            counter_agreed_by_id=by.pk if is_sign_up else offer.made_by_id,
            counter_agreed_at=at if is_sign_up else offer.made_at,
            state_changed_at=at,
        )


def place_of(order: Order) -> str:
    """Return the place as the orderer calls it, whoever says yes in whichever language."""
    if order.mode == Mode.REMOTE:
        return ""
    with translation.override(known(order.contact).language):
        return where(order)


def _sign_up_via(offer: Offer) -> Via:
    return Via.DESK if offer.made_by_id == offer.expert.user_id else Via.COUNTER


def _settle(time: OrderTime) -> None:
    if not time.is_settled:
        time.is_settled = True
        time.save(update_fields=["is_settled"])


def tell_agreed(tasks: list[Assignment], *, at: datetime) -> None:
    """Tell both sides what one yes has agreed on, once the orders stand where they will stand: in one letter to each.

    Their reminders are planned. As many queries for many tasks as for one, but for the orderer's calendar.
    """
    prefetch_related_objects([task.order for task in tasks], "series")
    of_orderer: dict[int, tuple[User, list[Assignment]]] = {}
    told = told_of(task.order for task in tasks)
    for task in tasks:
        if (reader := told.get(task.order_id)) is not None:
            of_orderer.setdefault(reader.pk, (reader, []))[1].append(task)
    letters: list[tuple[Notice, User, datetime]] = []
    for reader, its in [(tasks[0].expert.user, tasks), *of_orderer.values()]:
        letter = TasksAgreed(its, reader) if len(its) > 1 else Agreed(its[0], reader)
        letters += [(letter, reader, at), *reminders(its, reader, at=at)]
    plan_all(letters, at=at)


def take_seats(order: Order, gone: Collection[Seat]) -> Seat:
    """Take the seats ``gone``, not all, from the order; return one that stays, with which cancelled tasks stand now.

    A cancelled task holds no seat, but its row names one.
    """
    keys = [seat.pk for seat in gone]
    kept = known(order.seats.exclude(pk__in=keys).order_by("number").first())
    order.assignments.filter(seat__in=keys).update(seat=kept)
    order.seats.filter(pk__in=keys).delete()
    return kept


def fill(order: Order, *, by: User, at: datetime, is_told: bool = True) -> None:
    """The last seat is taken: the order is staffed, the other offers end with thanks.

    Args:
        by: the machine.
        is_told: False where the orderer hears of it by the letter of the yes.
    """
    orders.staff(order, by=by, at=at, is_told=is_told)
    others = Offer.objects.proposed().filter(order=order)
    others = others.select_related("expert__user").prefetch_related("order__times")
    thanked = move_all(others, WITHDRAW, by=by, at=at)
    tell_all([(OfferFilled(offer), offer.expert.user) for offer in thanked], at=at)
