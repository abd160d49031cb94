"""Offers and sign-ups: made, declined, taken back, ended by time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.common import (
    CallClosed,
    NotInBank,
    OfferedAlready,
    TimesChanged,
    TooLate,
    lock,
    lock_experts,
    lock_orders,
)
from luukku.assignments.models import Assignment, Offer, Origin
from luukku.assignments.notices import (
    OfferChanged,
    OfferExpired,
    OfferMade,
    OffersExpired,
    OfferWithdrawn,
    SignUpDeclined,
    SignUpReceived,
    SignUpsReceived,
)
from luukku.assignments.queries import spans_of, times_to_choose
from luukku.assignments.states import (
    DECLINE,
    EXPIRE,
    PROPOSE,
    WITHDRAW,
)
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.notices.actions import forget_told, forget_unsent, tell, tell_all
from luukku.orders.models import Order, OrderTime
from luukku.orders.states import OrderState
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.workflow.actions import WrongState, move_all, moving, require


def propose(
    order: Order,
    expert: Expert,
    *,
    by: User,
    at: datetime,
    answer_by: datetime,
    origin: Origin = Origin.SUGGESTED,
    reasons: Iterable[str] = (),
    words: str = "",
) -> Offer:
    """Offer the order to an expert and tell them; the time to answer ends when the last time begins.

    Whoever has said no, or nothing, may be asked again; the earlier answer stays.

    Args:
        words: why the counter asks once more, in a sentence to the expert.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no expert is looked for.
        TooLate: every time of the order has passed.
        NotInBank, OfferedAlready: this expert cannot be asked (now).
    """
    if not by.has_perm("assignments.propose"):
        raise PermissionDenied("assignments.propose")
    with transaction.atomic():
        locked = lock(order.pk)
        require(locked, PROPOSE)
        choices = times_to_choose(locked, at=at)
        if not choices:
            raise TooLate(_("All the times have passed. Call the orderer and change them first."))
        last = max(time.starts_at for time in choices)
        offer = offer_to(
            locked,
            expert,
            act="assignments.propose",
            origin=origin,
            by=by,
            made_by=by,
            at=at,
            expires_at=min(answer_by, last),
            reasons=reasons,
            words=words,
        )
        tell(OfferMade(offer), to=offer.expert.user, at=at)
    return offer


def sign_up(
    order: Order, expert: Expert, *, times: Iterable[OrderTime] = (), by: User, at: datetime
) -> Offer:
    """Sign the expert up for an open call; the counter answers, with a yes only to a time that suits.

    Args:
        times: those of the order's times that suit the expert; none: every one, also of later changes.

    Raises:
        TimesChanged: one of ``times`` is not among those to choose.
        PermissionDenied: ``by`` is neither the expert nor the counter.
        CallClosed: as its name says.
        NotInBank, OfferedAlready: as in ``propose``.
    """
    if not by.has_perm("experts.edit", expert):
        raise PermissionDenied("assignments.sign_up")
    with transaction.atomic():
        locked = lock(order.pk)
        choices = times_to_choose(locked, at=at)
        is_closed = locked.sign_up_by is not None and locked.sign_up_by < helsinki(at).date()
        is_open = locked.state == OrderState.SEARCHING and locked.is_open_call
        if not choices or is_closed or not is_open:
            raise CallClosed(locked)
        suits = sorted(times, key=lambda time: time.starts_at)
        if not set(suits) <= set(choices):
            raise TimesChanged
        offer = offer_to(
            locked,
            expert,
            act="assignments.sign_up",
            suits=[(time.starts_at, time.ends_at) for time in suits],
            origin=Origin.SIGNED_UP,
            by=by,
            made_by=by,
            at=at,
            expires_at=max(time.starts_at for time in suits or choices),
            on_behalf_of=None if by.pk == expert.user_id else expert.user,
        )
        tell(SignUpReceived(offer), to=offer.expert.user, at=at)
    return offer


def sign_up_dates(
    order: Order, expert: Expert, *, times: Iterable[OrderTime], by: User, at: datetime
) -> list[Offer]:
    """Sign the expert up for some dates of the series of ``order``, as ``sign_up`` does; one letter lists them.

    A date that is with the expert already is left out.

    Args:
        times: those that suit, of every date that suits at least one.

    Raises:
        TimesChanged: there are none, or one is of no order of the series.
        OfferedAlready: every one is with the expert already.
        Refused: as in ``sign_up``; nothing has changed.
    """
    suits: dict[int, list[OrderTime]] = {}
    for time in times:
        suits.setdefault(time.order_id, []).append(time)
    with transaction.atomic():
        dates = lock_orders(suits)
        if not dates or any(one.series_id != order.series_id for one in dates):
            raise TimesChanged
        made = []
        for one in dates:
            with suppress(OfferedAlready), transaction.atomic():
                made.append(sign_up(one, expert, times=suits[one.pk], by=by, at=at))
        if not made:
            raise OfferedAlready(expert)
        if len(made) > 1:
            forget_told([f"{SignUpReceived.kind}:{one.pk}" for one in made], at=at)
            tell(SignUpsReceived(made), to=expert.user, at=at)
    return made


def offer_to(
    order: Order,
    expert: Expert,
    *,
    act: str,
    origin: Origin,
    by: User,
    made_by: User,
    at: datetime,
    expires_at: datetime,
    reasons: Iterable[str] = (),
    words: str = "",
    suits: Iterable[tuple[datetime, datetime]] = (),
    on_behalf_of: User | None = None,
) -> Offer:
    """Make an offer of a locked order and audit it as ``act``; whom it is told to is the caller's to say.

    Raises:
        NotInBank, OfferedAlready: as in ``propose``.
    """
    locked = lock_experts([expert.pk]).get(expert.pk)  # whoever leaves the bank holds it, too
    if (
        locked is None
        or locked.state != ExpertState.ACTIVE
        or not has_consent(locked.user, Purpose.IN_BANK)
    ):
        raise NotInBank(expert)
    expert = locked
    if Assignment.objects.live().filter(order=order, expert=expert).exists():
        raise OfferedAlready(expert)
    with refused_as({"one_live_offer_per_expert": OfferedAlready(expert)}):
        offer = Offer.objects.create(
            order=order,
            expert=expert,
            origin=origin,
            reasons=list(reasons),
            words=words,
            suits=list(suits),
            made_by=made_by,
            made_at=at,
            expires_at=expires_at,
            state_changed_at=at,
        )
    data = {"origin": str(origin)}
    record(act, by=by, about=offer, at=at, data=data, on_behalf_of=on_behalf_of)
    return offer


def decline(offer: Offer, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Offer:
    """Say no; nobody asks for a reason."""
    with transaction.atomic():
        order = lock(offer.order_id)
        with moving(offer, DECLINE, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
            offer.answered_for = spans_of(order)
            if offer.origin == Origin.SIGNED_UP:
                tell(SignUpDeclined(offer), to=offer.expert.user, at=at)
            else:
                forget_unsent(f"{OfferChanged.kind}:{offer.pk}")  # it asks for this answer
    return offer


def withdraw(offer: Offer, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Offer:
    """Take back an offer (the counter) or a sign-up (the expert) that has not been answered."""
    with transaction.atomic():
        lock(offer.order_id)
        with moving(offer, WITHDRAW, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
            if offer.origin != Origin.SIGNED_UP:
                tell(OfferWithdrawn(offer), to=offer.expert.user, at=at)
    return offer


def withdraw_all(order: Order, *, at: datetime) -> None:
    """Take back every unanswered offer of an order that is off."""
    waiting = Offer.objects.proposed().filter(order=order)
    waiting = waiting.select_related("expert__user").prefetch_related("order__times")
    gone = move_all(waiting, WITHDRAW, by=User.objects.machine(), at=at)
    tell_all([(OfferWithdrawn(offer), offer.expert.user) for offer in gone], at=at)


def expire(offer: Offer, *, at: datetime) -> Offer:
    """End an offer whose time to answer has passed, and tell the expert.

    Raises:
        WrongState: it has been answered or taken back.
    """
    with transaction.atomic():
        order = lock(offer.order_id)
        with moving(offer, EXPIRE, by=User.objects.machine(), at=at) as offer:
            offer.answered_for = spans_of(order)
            tell(OfferExpired(offer), to=offer.expert.user, at=at)
    return offer


def expire_overdue(*, at: datetime) -> int:
    """End the offers whose time to answer has passed; return how many. Dates of one series are told in one letter."""
    count = 0
    overdue = Offer.objects.overdue(at).select_related("order").order_by("expires_at", "pk")
    groups: dict[tuple[int, int, int], list[Offer]] = {}
    for offer in overdue:
        series = offer.order.series_id
        key = (0, 0, offer.pk) if series is None else (offer.expert_id, series, 0)
        groups.setdefault(key, []).append(offer)
    for offers in groups.values():
        count += len(_expire_together(offers, at=at))
    return count


def _expire_together(offers: list[Offer], *, at: datetime) -> list[Offer]:
    """End those of the offers that nobody has answered meanwhile, and tell their expert in one letter."""
    ended = []
    with transaction.atomic():
        lock_orders(offer.order_id for offer in offers)
        for offer in sorted(offers, key=lambda one: one.order_id):
            with suppress(WrongState):  # answered while we waited for the lock
                ended.append(expire(offer, at=at))
        if len(ended) > 1:
            forget_told([f"{OfferExpired.kind}:{one.pk}" for one in ended], at=at)
            tell(OffersExpired(ended), to=ended[0].expert.user, at=at)
    return ended
