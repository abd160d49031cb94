"""Asking the candidates of several orders at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments.actions import (
    lock_experts,
    lock_orders,
    open_search,
    propose,
    undoable,
)
from luukku.assignments.queries import asked_first
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.matching.queries import for_matching, match
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.workbench.queries import Room

MOST_ASKED = 20  # orders at once
ASKABLE = frozenset({OrderState.ACCEPTED, OrderState.SEARCHING})


class NotAskable(Refused):
    """Nobody can be asked for the order among others."""

    words = gettext_lazy("No expert is looked for yet: read and accept the order first.")


class LooksNoMore(NotAskable):
    """The search is over, or there never was one: the order's state says why."""

    def __init__(self, order: Order) -> None:
        state = OrderState(order.state).label
        words = _("No expert is looked for any more. The order’s state: %(state)s.")
        super().__init__(words % {"state": state})


class InSeries(NotAskable):
    """The order is a date of a series: its experts are asked for all the dates together."""

    words = gettext_lazy("It is one of several dates: ask for them together on its own page.")


class NoRoom(Refused):
    """Whom the orderer wishes for is asked for something else at that time, or for enough."""

    def __init__(self, why: str) -> None:
        super().__init__(_("The orderer’s own expert cannot be asked: %(why)s.") % {"why": why})


@dataclass
class Asked:
    """What became of one order: who was asked, and why others, or anybody, could not be."""

    order: Order
    experts: list[Expert] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The code names of those who were asked."""
        return [expert.code_name for expert in self.experts]


def ask_candidates(
    chosen: Mapping[int, Collection[int]], *, answer_by: datetime, by: User, at: datetime
) -> list[Asked]:
    """Offer each order to the experts chosen for it, the search opened first where needed; tell what became of each.

    Nobody is asked for times that overlap, nor for more than they take in a month. Each order stands by itself: where
    one is refused, the others are asked. ``by`` can take each order's asking back for a moment, on its page.

    Args:
        chosen: the experts by the order's key.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.ask_candidates``.
    """
    if not by.has_perm("workbench.ask_candidates"):
        raise PermissionDenied("workbench.ask_candidates")
    done = []
    with transaction.atomic():
        lock_orders(chosen)
        orders = list(for_matching().filter(pk__in=chosen).order_by("pk"))
        wished = {order.wished_expert_id for order in orders if order.wished_expert_id}
        keys = {key for experts in chosen.values() for key in experts} | wished
        experts = lock_experts(keys)  # from here on nobody else asks them
        room = Room(keys, at=at)
        for order in orders:
            asked = Asked(order)
            try:
                require_askable(order)  # before a series is locked, which is asked for elsewhere
                with undoable(order, by=by, at=at):
                    there = [experts[key] for key in chosen[order.pk] if key in experts]
                    _ask(asked, there, room, answer_by=answer_by, by=by, at=at)
            except Refused as refusal:
                asked = Asked(order, not_asked=[refusal.told(at_counter=True)])
            for expert in asked.experts:
                room.take(expert.pk, order)
            data = {"asked": len(asked.names), "not_asked": len(asked.not_asked)}
            record("workbench.ask_candidates", by=by, about=order, at=at, data=data)
            done.append(asked)
    return done


def require_askable(order: Order) -> None:
    """Refuse to go on where nobody can be asked for the order among others.

    Raises:
        NotAskable, LooksNoMore, InSeries: as their names say.
    """
    if order.state in {OrderState.DRAFT, OrderState.SENT}:
        raise NotAskable
    if order.state not in ASKABLE:
        raise LooksNoMore(order)
    if order.series_id is not None:
        raise InSeries


def _ask(
    asked: Asked, experts: list[Expert], room: Room, *, answer_by: datetime, by: User, at: datetime
) -> None:
    """Ask the experts for one order, and note in ``asked`` whom, and whom not and why.

    Raises:
        NoRoom: as its name says.
        TooLate: every time of the order has passed.
    """
    order = asked.order
    wished = _open(order, room, by=by, at=at)
    fitting = {one.expert_id: one for one in match(order, at=at).candidates}
    if wished is not None:
        asked.experts.append(wished)
    for expert in experts:
        if expert == wished:
            continue
        why = room.why_not(expert.pk, order)
        if expert.pk not in fitting:
            why = _("does not fit any more, or has been asked")
        if why:
            asked.not_asked.append(f"{expert.code_name} ({why})")
            continue
        reasons = fitting[expert.pk].reasons
        propose(order, expert, by=by, at=at, answer_by=answer_by, reasons=reasons)
        asked.experts.append(expert)


def _open(order: Order, room: Room, *, by: User, at: datetime) -> Expert | None:
    """Open the search of an accepted order; return whom it asks by itself: the expert whom the orderer wishes for."""
    if order.state == OrderState.SEARCHING:
        return None
    wished = asked_first(order, at=at)
    if wished is not None and (why := room.why_not(wished.pk, order)):
        raise NoRoom(why)
    open_search(order, by=by, at=at)
    return wished
