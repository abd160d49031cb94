"""What an organisation's desk reads of orders and questions, asked by queries that are compiled once.

They ask by the organisation alone: only for whoever stands for it now, as the roles on the desk say.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import BigIntegerField, Count, DateTimeField, Q, QuerySet, Window

from luukku.assignments.models import Assignment
from luukku.core.compiled import AT, Given, objects_once, once
from luukku.core.times import HELSINKI
from luukku.feedback.models import WhatChanged
from luukku.feedback.queries import awaiting_feedback, awaiting_what_changed
from luukku.guidance.models import HandOver, Question
from luukku.orders.finding import soonest_first
from luukku.orders.models import Order, OrderQuerySet, TimeQuestion
from luukku.orders.queries import Use
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.organisations.models import Organisation
from luukku.training.models import PracticeLecture

HERE, USER = Given("organisation", BigIntegerField()), Given("user", BigIntegerField())
SHOWN = 10  # orders under way; the others stand in the list of all
MOST = 30  # practice lectures to count at once


@objects_once
def questions() -> QuerySet[HandOver]:
    """What the counter has handed to the organisations whose contact person the ``user`` is, most urgent first."""
    held = Question.objects.held_by(USER)
    rows = HandOver.objects.filter(ended_at=None, question__in=held).select_related("question")
    return rows.order_by("follow_on", "pk")


def _orders(*states: OrderState) -> OrderQuerySet:
    here = Order.objects.filter(organisation=HERE).in_state(*states)
    return here.select_related("task_type", "contact").prefetch_related("times")


@objects_once
def drafts() -> QuerySet[Order]:
    """The drafts, the newest first."""
    return _orders(OrderState.DRAFT).order_by("-made_at", "-pk")


@objects_once
def under_way() -> QuerySet[Any]:
    """The first orders that are to come ``at`` an instant, then that have been; each with their number ``of_all``."""
    counted = _orders(*OPEN_STATES).annotate(of_all=Window(Count("pk")))
    return soonest_first(counted, at=AT)[:SHOWN]


@objects_once
def to_feedback() -> QuerySet[Assignment]:
    """The tasks that still await the ``user``'s feedback."""
    return awaiting_feedback(USER).filter(order__organisation=HERE)


@objects_once
def to_time() -> QuerySet[TimeQuestion]:
    """Whether another time would suit, where nobody has answered, the oldest first."""
    rows = TimeQuestion.objects.waiting_for_orderer().filter(order__organisation=HERE)
    return rows.select_related("order").defer("words").order_by("asked_at", "pk")


@objects_once
def to_tell() -> QuerySet[WhatChanged]:
    """What the ``user`` is asked: what has changed because of a task."""
    return awaiting_what_changed(USER).filter(order__organisation=HERE)


@objects_once
def to_count() -> QuerySet[PracticeLecture]:
    """The practice lectures that are over ``at`` an instant and whose students nobody has counted."""
    rows = PracticeLecture.objects.filter(school=HERE).to_count(AT)
    return rows.order_by("ends_at", "pk")[:MOST]


def use_of(organisation: Organisation, *, year: int) -> Use:
    """Return the counts of the orders that ``organisation`` sent in ``year``, by Helsinki's calendar."""
    begins, ends = (
        datetime.combine(date(one, 1, 1), time(), HELSINKI).astimezone(UTC)
        for one in (year, year + 1)
    )
    found = _use(organisation=organisation.pk, begins=begins, ends=ends)
    return Use(year, *(found[0] if found else (0, 0, 0, 0)))


@once
def _use() -> QuerySet[Order, Any]:
    begins, ends = (Given(name, DateTimeField()) for name in ("begins", "ends"))
    sent = Order.objects.filter(organisation=HERE, sent_at__gte=begins, sent_at__lt=ends)
    return (
        sent.order_by()
        .values("organisation")
        .annotate(
            sent=Count("pk"),
            open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            done=Count("pk", filter=Q(state__in=[OrderState.DONE, OrderState.CLOSED])),
            not_found=Count("pk", filter=Q(state=OrderState.NOT_FOUND)),
        )
        .values_list("sent", "open", "done", "not_found")
    )
