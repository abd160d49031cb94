"""Whose answers orders wait for, and the letters that remind of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.notices import OfferMade, OffersMade
from luukku.assignments.states import AssignmentState
from luukku.core.times import helsinki
from luukku.feedback.models import Side
from luukku.feedback.notices import FeedbackWanted, WhatChangedAsked
from luukku.feedback.queries import what_changed_awaited
from luukku.notices.models import Letter
from luukku.notices.notice import Notice
from luukku.orders.models import Order
from luukku.orders.notices import matter
from luukku.orders.states import OrderState
from luukku.orders.told import told_of

REMIND_DAYS = 3  # so many days lie between two letters about the same answer


@dataclass(frozen=True)
class Awaited:
    """What one person owes an answer to, and the letter that reminds of it.

    Attributes:
        orders: which wait for it: one, or dates of a series that were asked for together.
        name: what the counter calls the person.
    """

    orders: list[Order]
    reader: User
    name: str
    notice: Notice


@dataclass(frozen=True)
class Skipped:
    """Whom nobody reminds now, and why; without a ``name`` nobody's answer is awaited."""

    order: Order
    name: str
    why: str


@dataclass(frozen=True)
class Reminders:
    """What would be sent, and what would not."""

    letters: list[Awaited]
    skipped: list[Skipped]


def reminders_of(orders: Collection[Order], *, at: datetime) -> Reminders:
    """Return who is reminded of what when ``orders`` are, one letter for each answer; a fixed number of queries.

    Nobody is reminded within ``REMIND_DAYS`` days of the last letter about the same answer, nor who reads no e-mail.
    """
    awaited = [*_offers(orders, at), *_feedback(orders, at), *_changes(orders, at)]
    last = _last_told(awaited, at)
    letters, skipped = [], []
    for one in awaited:
        told = [last[key] for key in _keys(one) if key in last]
        if why := _why_not(one, max(told, default=None), at):
            skipped += [Skipped(order, one.name, why) for order in one.orders]
        else:
            letters.append(one)
    waits = {order.pk for one in awaited for order in one.orders}
    nobody = [
        Skipped(order, "", _("Nobody’s answer is awaited."))
        for order in orders
        if order.pk not in waits
    ]
    return Reminders(letters, [*skipped, *nobody])


def _why_not(one: Awaited, told_on: date | None, at: datetime) -> str:
    if not one.reader.is_active:
        return _("The account is closed.")
    if not one.reader.email:
        return _("No e-mail reaches them: call.")
    today = helsinki(at).date()
    if told_on is not None and (next_on := told_on + timedelta(days=REMIND_DAYS)) > today:
        said = {
            "day": date_format(told_on, "SHORT_DATE_FORMAT"),
            "next": date_format(next_on, "SHORT_DATE_FORMAT"),
        }
        return _("Written to on %(day)s; the next letter may leave on %(next)s.") % said
    return ""


def _keys(one: Awaited) -> list[tuple[int, str, str]]:
    """Return under what letters about the answer are found: one about several dates is about the first of them."""
    series = one.orders[0].series if one.notice.kind == OfferMade.kind else None
    orders = one.orders if series is None else series.orders.all()
    return [(one.reader.pk, one.notice.kind, matter(order.pk)) for order in orders]


def _last_told(awaited: Iterable[Awaited], at: datetime) -> dict[tuple[int, str, str], date]:
    """Return the day of the last letter to each reader about each answer, of the last few days."""
    awaited = list(awaited)
    rows = (
        Letter.objects.filter(
            reader__in={one.reader.pk for one in awaited},
            kind__in={one.notice.kind for one in awaited},
            made_at__gt=at - timedelta(days=REMIND_DAYS + 1),
        )
        .order_by()
        .values_list("reader", "kind", "about")
        .annotate(last=Max("made_at"))
    )
    return {(reader, kind, about): helsinki(last).date() for reader, kind, about, last in rows}


def _offers(orders: Collection[Order], at: datetime) -> list[Awaited]:
    """The experts who have been asked and have not answered; all the dates of one series are one letter."""
    series = {order.series_id for order in orders} - {None}
    offers = (
        Offer.objects.waiting_for_expert()
        .filter(Q(order__in=orders) | Q(order__series__in=series), expires_at__gt=at)
        .select_related("expert__user", "order__municipality", "order__series")
        .prefetch_related("order__times", "order__series__orders")
        .order_by("expert_id", "order__series_id", "order_id")
    )
    found = []
    for _key, group in groupby(offers, key=_asked_together):
        rows = list(group)
        today, expert = helsinki(at).date(), rows[0].expert
        notice: Notice = OfferMade(rows[0], again_on=today)
        if len(rows) > 1:
            notice = OffersMade(rows, again_on=today)
        found.append(Awaited([row.order for row in rows], expert.user, expert.code_name, notice))
    return found


def _asked_together(offer: Offer) -> tuple[int, int | None, int | None]:
    series = offer.order.series_id
    return offer.expert_id, series, offer.order_id if series is None else None


def _feedback(orders: Collection[Order], at: datetime) -> list[Awaited]:
    """Who has not told how a done task went: each expert, and whoever is told of the order once for all its tasks."""
    tasks = (
        Assignment.objects.filter(
            order__in=orders, state=AssignmentState.DONE, order__state=OrderState.DONE
        )
        .select_related("expert__user", "order")
        .prefetch_related("feedback")
        .order_by("order_id", "pk")
    )
    found: list[Awaited] = []
    untold: dict[int, list[Assignment]] = {}
    today = helsinki(at).date()
    for task in tasks:
        sides = {feedback.side for feedback in task.feedback.all()}
        if Side.EXPERT not in sides:
            expert = task.expert
            notice = FeedbackWanted(task, Side.EXPERT, expert.user, again_on=today)
            found.append(Awaited([task.order], expert.user, expert.code_name, notice))
        if Side.ORDERER not in sides:
            untold.setdefault(task.order_id, []).append(task)
    readers = told_of([rows[0].order for rows in untold.values()])
    for order_id, rows in untold.items():
        if (reader := readers.get(order_id)) is not None:
            first, beside = rows[0], len(rows) - 1
            notice = FeedbackWanted(first, Side.ORDERER, reader, again_on=today, beside=beside)
            found.append(Awaited([first.order], reader, reader.name, notice))
    return found


def _changes(orders: Collection[Order], at: datetime) -> list[Awaited]:
    """The orderers who were asked what changed and have not answered."""
    asked = list(
        what_changed_awaited(at=at)
        .filter(order__in=orders)
        .select_related("order__series")
        .prefetch_related("order__times")
        .order_by("order_id")
    )
    readers = told_of([one.order for one in asked])
    return [
        Awaited(
            [one.order],
            reader,
            reader.name,
            WhatChangedAsked(one, reader, again_on=helsinki(at).date()),
        )
        for one in asked
        if (reader := readers.get(one.order_id)) is not None
    ]
