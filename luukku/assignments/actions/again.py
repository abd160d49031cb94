"""An answer is not the end: a yes after a no, after silence, or after a task cancelled by mistake."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.assignments.actions.booking import accept
from luukku.assignments.actions.common import NoSeatLeft, TooLate, lock
from luukku.assignments.actions.offers import offer_to
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.queries import times_to_choose
from luukku.assignments.states import ACCEPT
from luukku.orders.models import OrderTime
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from luukku.workflow.queries import is_allowed


def accept_after_all(
    offer: Offer,
    *,
    by: User,
    at: datetime,
    via: Via,
    time: OrderTime | None = None,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Say yes to an offer that has ended: it is made anew and accepted; the earlier answer stays as it was.

    Raises:
        PermissionDenied: ``by`` is not the expert, or the counter has answered the expert's own sign-up with no.
        WrongState: the offer waits, was taken back or holds an agreed task; or nobody is looked for.
        NotInBank, NoSeatLeft, AlreadyBooked, TimeNeeded, TooLate: as in ``accept``; nothing has changed.
    """
    with transaction.atomic():
        order = lock(offer.order_id)
        ended = Offer.objects.ended().filter(pk=offer.pk).select_related("expert__user").first()
        if ended is None:
            raise WrongState(offer, ACCEPT)
        if not is_allowed("assignments.accept_after_all", ended, by=by, on_behalf_of=on_behalf_of):
            raise PermissionDenied("assignments.accept_after_all")
        if order.state == OrderState.STAFFED:
            raise NoSeatLeft
        if order.state != OrderState.SEARCHING:
            raise WrongState(order, ACCEPT)
        times = times_to_choose(order, at=at)
        if not times:
            raise TooLate
        is_named = ended.origin == Origin.NAMED
        again = offer_to(
            order,
            ended.expert,
            act="assignments.accept_after_all",
            origin=Origin.NAMED if is_named else Origin.SUGGESTED,
            by=by,
            made_by=_who_agreed(ended) if on_behalf_of is None else by,
            at=at,
            expires_at=max(one.starts_at for one in times),
            reasons=ended.reasons,
            on_behalf_of=on_behalf_of,
        )
        return accept(again, by=by, at=at, via=via, time=time, on_behalf_of=on_behalf_of)


def _who_agreed(ended: Offer) -> User:
    """Return who at the counter wanted this expert."""
    is_sign_up = ended.origin == Origin.SIGNED_UP
    return ended.assignment.counter_agreed_by if is_sign_up else ended.made_by
