"""What the page of an order reads of it, asked by queries that are compiled once.

The order itself is fetched as whoever reads the page may see it; what is read here belongs to it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, QuerySet

from luukku.assignments.models import Assignment, Offer
from luukku.core.compiled import AT, Given, objects_once, once
from luukku.orders.models import ChangeRequest, Order, TimeQuestion, UnmetDemand

ORDER = Given("order", BigIntegerField())


@objects_once
def offers() -> QuerySet[Offer]:
    """Offers and who got them, the last one first."""
    return Offer.objects.filter(order=ORDER).select_related("expert__user").order_by("-pk")


@objects_once
def tasks() -> QuerySet[Any]:
    """Tasks, whose they are, and whether the training that they ask for is lost."""
    rows = Assignment.objects.filter(order=ORDER).select_related("expert__user")
    return rows.prefetch_related("feedback").with_untrained(AT).order_by("pk")


@objects_once
def change_requests() -> QuerySet[ChangeRequest]:
    """What the orderer wishes changed and waits for."""
    waiting = ChangeRequest.objects.waiting().filter(order=ORDER)
    return waiting.select_related("asked_by").defer("words", "answer")


@objects_once
def time_questions() -> QuerySet[TimeQuestion]:
    """The open question for another time, if there is one."""
    return TimeQuestion.objects.open().filter(order=ORDER).defer("words").order_by("pk")[:1]


@objects_once
def unmet() -> QuerySet[UnmetDemand]:
    """When nobody was found, and why."""
    return UnmetDemand.objects.filter(order=ORDER).order_by("at", "pk")


@once
def left_behind() -> QuerySet[Order, Any]:
    """The order itself, if its contact person does not order for the organisation any more."""
    return Order.objects.left_behind().filter(pk=ORDER).values_list("pk")
