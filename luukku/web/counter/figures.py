"""Figures without people, for the steering group and the counter, told by the rule of ``core.disclosure``.

An expert who has not said yes to statistics is in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.disclosure import Year, closed_year, may_tell, share, three_shares, told
from luukku.core.fields import field_of
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.feedback.models import SCALES, Feedback, Side, WhatChanged
from luukku.orders.models import Failure, Order, Payment, UnmetDemand
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Municipality, Theme
from luukku.taxonomy.queries import region

MOMENT = timedelta(microseconds=1)  # the next year's first is not this year's


@dataclass(frozen=True)
class Head:
    """The first figures: the experts there are now, and what happened in the last year that has ended."""

    experts: str
    answered_for: str
    done: str
    changes_told: str
    towns_with_orders: str
    towns: int


def head(*, at: datetime) -> Head:
    """Return the first figures as they stand at ``at``; nothing that happens this year changes last year's."""
    year = closed_year(helsinki(at).date())
    span = (year.starts_at, year.ends_at - MOMENT)
    counted = Expert.objects.counted(at=year.ends_at)
    active = Expert.objects.active().counted()
    towns = Municipality.objects.current(helsinki(at).date()).filter(county=region().county_id)
    ordered = Order.objects.filter(sent_at__range=span, municipality__in=towns)
    return Head(
        experts=told(active.count()),
        answered_for=told(active.answered_for().count()),
        done=told(
            Assignment.objects.filter(
                expert__in=counted, state=AssignmentState.DONE, starts_at__range=span
            ).count()
        ),
        changes_told=told(
            WhatChanged.objects.filter(
                answered_at__range=span, order__assignments__expert__in=counted
            )
            .distinct()
            .count()
        ),
        towns_with_orders=share(ordered.values("municipality").distinct().count(), towns.count()),
        towns=towns.count(),
    )


def orders_by_state(*, for_: User) -> list[tuple[str, str]]:
    """Return how many orders stand in each state; drafts are nobody’s business yet.

    Whoever serves at the counter can count them in the list of orders: nothing is hidden from them.
    """
    tell = str if for_.is_counter else told
    states = dict(Order.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
    return [
        (str(state.label), tell(states.get(state, 0)))
        for state in OrderState
        if state != OrderState.DRAFT
    ]


def orders_by_payment() -> list[tuple[str, str]]:
    """Return how many orders have been sent with each answer about the money: a need without it counts too."""
    answers = dict(
        Order.objects.exclude(sent_at=None)
        .values_list("payment")
        .annotate(n=Count("pk"))
        .order_by("payment")
    )
    return [(str(payment.label), told(answers.get(payment, 0))) for payment in Payment]


def unmet_by_reason() -> list[tuple[str, str]]:
    """Return how many experts were missing for each reason, where no later search found them."""
    rows = UnmetDemand.objects.standing().values_list("failure")
    unmet = dict(rows.annotate(n=Sum("missing")).order_by("failure"))
    return [(str(failure.label), told(unmet.get(failure, 0))) for failure in Failure]


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
            told(
                Expert.objects.active()
                .counted()
                .filter(experiences__theme__in=pks, experiences__is_shown=True)
                .distinct()
                .count()
            ),
            told(
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
    """What one side thought: for each scale the shares that were good, in between and poor; none if too few."""

    label: str
    shares: list[tuple[str, str, str]]

    @property
    def by_scale(self) -> list[tuple[str, tuple[str, str, str]]]:
        """Each scale's words with its shares."""
        words = [str(field_of(Feedback, scale).verbose_name) for scale in SCALES]
        return list(zip(words, self.shares, strict=True))


def thoughts(year: Year) -> list[Thought]:
    """Return what both sides' feedback given in the year says, of experts who were counted at its end.

    Consent is asked as it stood then: taking it back later changes no figure that has been told.
    """
    rows = []
    for side in Side:
        given = list(
            Feedback.objects.filter(
                side=side,
                given_at__gte=year.starts_at,
                given_at__lt=year.ends_at,
                assignment__expert__in=Expert.objects.counted(at=year.ends_at),
            ).values(*SCALES, "assignment__expert", "assignment__order__contact")
        )
        people = [
            len({row[who] for row in given})
            for who in ("assignment__expert", "assignment__order__contact")
        ]
        is_told = may_tell(answers=len(given), people=people)
        shares = [three_shares(row[scale] for row in given) for scale in SCALES] if is_told else []
        rows.append(Thought(str(side.label), shares))
    return rows
