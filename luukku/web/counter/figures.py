"""Figures without people, for the steering group and the counter; cells under five are hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Avg, Count, Sum

from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.feedback.models import SCALES, Feedback, Side, WhatChanged
from luukku.orders.models import Failure, Order, UnmetDemand
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Municipality, Theme
from luukku.taxonomy.queries import region

SMALLEST_CELL = 5  # smaller figures could point at a person


def cell(n: int) -> str:
    """Return ``n`` as it may be shown."""
    return str(n) if n == 0 or n >= SMALLEST_CELL else f"< {SMALLEST_CELL}"


@dataclass(frozen=True)
class Head:
    """The first figures: how many people, orders and places there are."""

    experts: str
    answered_for: str
    done_this_year: str
    changes_told: str
    towns_with_orders: int
    towns: int


def head(*, at: datetime) -> Head:
    """Return the first figures as they stand at ``at``."""
    active = Expert.objects.active()
    towns = Municipality.objects.current(helsinki(at).date()).filter(county=region().county_id)
    ordered = Order.objects.exclude(sent_at=None).filter(municipality__in=towns)
    return Head(
        experts=cell(active.count()),
        answered_for=cell(active.with_answering().filter(is_answered_for=True).count()),
        done_this_year=cell(
            Assignment.objects.filter(
                state=AssignmentState.DONE, starts_at__year=helsinki(at).year
            ).count()
        ),
        changes_told=cell(WhatChanged.objects.exclude(answered_at=None).count()),
        towns_with_orders=ordered.values("municipality").distinct().count(),
        towns=towns.count(),
    )


def orders_by_state() -> list[tuple[str, str]]:
    """Return how many orders stand in each state; drafts are nobody's business yet."""
    states = dict(Order.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
    return [
        (state.label, cell(states.get(state, 0)))
        for state in OrderState
        if state != OrderState.DRAFT
    ]


def unmet_by_reason() -> list[tuple[str, str]]:
    """Return how many experts were missing for each reason."""
    unmet = dict(
        UnmetDemand.objects.values_list("failure").annotate(n=Sum("missing")).order_by("failure")
    )
    return [(failure.label, cell(unmet.get(failure, 0))) for failure in Failure]


@dataclass(frozen=True)
class Need:
    """One need that the plan names: who could answer it and how often it was asked for."""

    name: str
    experts: str
    orders: str


def plan_needs() -> list[Need]:
    """Return each need of measure 2.3 with the experts in the bank and the orders that touch its themes."""
    themes: dict[str, set[int]] = {}
    for pk, parent, needs in Theme.objects.values_list("pk", "parent__plan_needs", "plan_needs"):
        for need in {*needs, *(parent or [])}:
            themes.setdefault(need, set()).add(pk)
    return [
        Need(
            need,
            cell(
                Expert.objects.active()
                .filter(experiences__theme__in=pks, experiences__is_shown=True)
                .distinct()
                .count()
            ),
            cell(
                Order.objects.exclude(sent_at=None)
                .filter(order_themes__theme__in=pks)
                .distinct()
                .count()
            ),
        )
        for need, pks in sorted(themes.items())
    ]


@dataclass(frozen=True)
class Thought:
    """What one side thought: means of the scales 1–5, None while there are too few answers."""

    label: str
    answers: str
    means: list[float | None]


def thoughts(*, since: date) -> list[Thought]:
    """Return the means of both sides' feedback given since ``since``."""
    rows = []
    for side in Side:
        given = Feedback.objects.filter(side=side, given_at__date__gte=since)
        n = given.count()
        found = given.aggregate(**{scale: Avg(scale) for scale in SCALES})
        means = [found[scale] if n >= SMALLEST_CELL else None for scale in SCALES]
        rows.append(Thought(str(side.label), cell(n), means))
    return rows
