"""What is done to several orders chosen in the list at once: those who owe an answer are reminded, candidates asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.assignments.queries import answers_until, asked_first, free_seats, times_to_choose
from luukku.core.text import key_in
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.matching.queries import Candidate, for_matching, match
from luukku.orders.models import Order
from luukku.orders.queries import times_told
from luukku.orders.states import OrderState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.order_list import ORDERS
from luukku.web.counter.orders.reading import AnswerByForm, ExpertsField
from luukku.web.counter.queue import asked_of_queue, queue_url
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import day_of
from luukku.web.kit.listing import PAGE
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.workbench import actions
from luukku.workbench.actions import MOST_ASKED, Asked
from luukku.workbench.queries import REMIND_DAYS, Reminders, Room, reminders_of

MOST_CHOSEN = 60


def _back(request: Request) -> str:
    """Return the address of the list, or of the queue, as it was when the rows were chosen."""
    if _tab(request) == "queue":
        return queue_url(asked_of_queue(request))
    asked = ORDERS.read(request).asked_pairs
    if page := key_in(request.GET.get(PAGE, "")):
        asked.append((PAGE, str(page)))
    return reverse("counter:orders") + (f"?{urlencode(asked)}" if asked else "")


def _tab(request: Request) -> str:
    return "queue" if request.GET.get("from") == "queue" else "orders"


def _chosen(request: Request, most: int) -> list[Order]:
    """Return the chosen orders, by number; say so where none or more than ``most`` are chosen, and return none."""
    keys = {key for sent in request.GET.getlist("order") if (key := key_in(sent)) is not None}
    if len(keys) > most:
        messages.warning(request, _("Choose at most %(most)s rows at a time.") % {"most": most})
        return []
    seen = Order.objects.visible_to(request.user).exclude(organisation=None).filter(pk__in=keys)
    orders = list(for_matching().filter(pk__in=seen).order_by("pk"))
    if not orders:
        messages.warning(request, _("Choose at least one row."))
    return orders


@page("coordinator", methods=("GET", "POST"))
def remind(request: Request) -> HttpResponse:
    """Show who would get which letter and who none, and why; send them."""
    back, orders = _back(request), _chosen(request, MOST_CHOSEN)
    if not orders:
        return SeeOther(back)
    context = {
        "found": reminders_of(orders, at=timezone.now()),
        "back": back,
        "days": REMIND_DAYS,
        "tabs": tabs(request, _tab(request)),
        "is_from_queue": _tab(request) == "queue",
    }
    return counter_act(
        request,
        actions.remind,
        orders,
        page=lambda status: render(request, "counter/orders/remind.html", context, status=status),
        done=_reminded,
        to=SeeOther(back),
    )


def _reminded(reminders: Reminders) -> str:
    n = len(reminders.letters)
    return ngettext("%(n)s letter reminds of an answer.", "%(n)s letters remind of answers.", n) % {
        "n": n
    }


@dataclass(frozen=True)
class Choice:
    """One candidate of an order: ticked where there is room, else why not."""

    candidate: Candidate
    value: str
    is_ticked: bool
    why_not: str


@dataclass(frozen=True)
class Asking:
    """One order, for which time, and whom to ask; ``why_not``: nobody can be asked here.

    Attributes:
        wished: whom the opened search asks by itself, as the orderer wishes.
    """

    order: Order
    times: str
    choices: list[Choice]
    why_not: str = ""
    wished: Expert | None = None

    @property
    def wished_value(self) -> str:
        """The choice to ask the wished expert."""
        return _value(self.order, self.wished.pk) if self.wished else ""

    @property
    def offered(self) -> list[tuple[str, str, bool]]:
        """Every choice, whose it is, and whether it is ticked."""
        wished = [(self.wished_value, self.wished.code_name, True)] if self.wished else []
        return wished + [
            (one.value, one.candidate.code_name, one.is_ticked) for one in self.choices
        ]


def _value(order: Order, expert_id: int) -> str:
    return f"{order.pk}-{expert_id}"


def _expert_in(value: str) -> str:
    return value.partition("-")[2]


def _plan(orders: Collection[Order], *, at: datetime) -> list[Asking]:
    """Return whom to ask for each order: the best that fit well are ticked, as many as are looked for.

    Whom an orderer wishes for is kept for that order. Then the order whose time comes first chooses first; nobody is
    ticked for two that overlap.
    """
    closed = {order.pk: _closed(order) for order in orders}
    of = {one.pk: [] if closed[one.pk] else match(one, at=at).candidates for one in orders}
    wished = {one.pk: None if closed[one.pk] else asked_first(one, at=at) for one in orders}
    keys = {one.expert_id for candidates in of.values() for one in candidates}
    room = Room(keys | {one.pk for one in wished.values() if one is not None}, at=at)
    in_turn = sorted(orders, key=lambda one: _first_start(one, at))
    for order in in_turn:
        first = wished[order.pk]
        if first is not None and (why := room.why_not(first.pk, order)):
            closed[order.pk], of[order.pk] = actions.NoRoom(why).told(at_counter=True), []
            wished[order.pk] = None
        elif first is not None:
            room.take(first.pk, order)
    plan = {}
    for order in in_turn:
        first = wished[order.pk]
        others = [one for one in of[order.pk] if first is None or one.expert_id != first.pk]
        choices = _choices(order, others, room, _wanted(order) - (first is not None))
        is_empty = not choices and first is None
        why = closed[order.pk] or (_why_nobody(order) if is_empty else "")
        plan[order.pk] = Asking(order, times_told(order), choices, why, first)
    return [plan[order.pk] for order in orders]


def _why_nobody(order: Order) -> str:
    """Return why nobody is left to ask, in the words of the order's own page."""
    until = answers_until(order)
    if until is None:
        return _("Nobody fits right now: open the order.")
    return _("Everybody who fits has been asked. Answers are awaited until %(day)s.") % {
        "day": day_of(helsinki(until).date())
    }


def _choices(order: Order, candidates: list[Candidate], room: Room, left: int) -> list[Choice]:
    """Return each candidate as a choice; the first ``left`` that fit well and have room are ticked, and take it."""
    choices = []
    for one in candidates:
        why = room.why_not(one.expert_id, order)
        is_ticked = left > 0 and one.fits_well and not why
        if is_ticked:
            room.take(one.expert_id, order)
            left -= 1
        choices.append(Choice(one, _value(order, one.expert_id), is_ticked, why))
    return choices


def _first_start(order: Order, at: datetime) -> tuple[datetime, int]:
    starts = [time.starts_at for time in times_to_choose(order, at=at)]
    return min(starts, default=at), order.pk


def _wanted(order: Order) -> int:
    if order.state == OrderState.SEARCHING:
        return free_seats(order).count()
    return order.experts_wanted


def _closed(order: Order) -> str:
    """Return why nobody can be asked for the order here; nothing where somebody can."""
    try:
        actions.require_askable(order)
    except actions.NotAskable as refusal:
        return refusal.told(at_counter=True)
    return ""


class AskForm(AnswerByForm):
    """Whom to ask for which order, and by when they answer; an order's own last time ends it sooner.

    Args:
        plan: the orders that somebody can be asked for.
        viewer: who asks.
    """

    ask = ExpertsField(label=gettext_lazy("Experts"))
    field_order = ("ask", "answer_by")

    def __init__(
        self, *args: Any, plan: list[Asking], viewer: User, at: datetime, **kwargs: Any
    ) -> None:
        last = max((one.order for one in plan), key=lambda one: _last_start(one, at))
        super().__init__(*args, order=last, **kwargs)
        self.fields["ask"].seen = Expert.objects.visible_to(viewer)
        self.fields["ask"].key_of = _expert_in
        offered = [choice for one in plan for choice in one.offered]
        self.fields["ask"].choices = [(value, name) for value, name, _ticked in offered]
        self.fields["ask"].initial = [value for value, _name, ticked in offered if ticked]

    def ticked(self) -> set[str]:
        """Return what is ticked, also when something else is wrong."""
        return set(self["ask"].value() or ())

    def arguments(self) -> dict[str, Any]:
        """Return the experts by the order, and until when they answer."""
        given = super().arguments()
        chosen: dict[int, list[int]] = {}
        for value in given.pop("ask"):
            order, _dash, expert = value.partition("-")
            chosen.setdefault(int(order), []).append(int(expert))
        return given | {"chosen": chosen}


def _last_start(order: Order, at: datetime) -> datetime:
    return max((time.starts_at for time in times_to_choose(order, at=at)), default=at)


@page("coordinator", methods=("GET", "POST"))
def ask(request: Request) -> HttpResponse:
    """Show each order with its candidates, the best ticked; ask the chosen ones."""
    back, orders, now = _back(request), _chosen(request, MOST_ASKED), timezone.now()
    if not orders:
        return SeeOther(back)
    plan = _plan(orders, at=now)
    context = {
        "plan": plan,
        "back": back,
        "tabs": tabs(request, _tab(request)),
        "is_from_queue": _tab(request) == "queue",
    }
    askable = [one for one in plan if one.offered]
    if not askable:
        return render(request, "counter/orders/ask.html", context)
    form = AskForm(data_of(request), plan=askable, viewer=request.user, at=now)
    context["form"] = form

    def told(done: list[Asked]) -> HttpResponse:
        for one in done:
            for why in one.not_asked:
                said = {"number": one.order.pk, "why": why}
                messages.warning(request, _("Order %(number)s – not asked: %(why)s") % said)
        return SeeOther(back)

    return counter_act(
        request,
        actions.ask_candidates,
        form=form,
        page=lambda status: render(request, "counter/orders/ask.html", context, status=status),
        done=_asked,
        to=told,
    )


def _asked(done: list[Asked]) -> str:
    parts = [
        _("order %(number)s: %(names)s") % {"number": one.order.pk, "names": ", ".join(one.names)}
        for one in done
        if one.names
    ]
    return _("Asked – %(whom)s.") % {"whom": "; ".join(parts)} if parts else ""
