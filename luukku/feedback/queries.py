"""Reading feedback."""

from __future__ import annotations

from django.db import models

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.feedback.states import DebriefState
from luukku.orders.models import Order


def side_of(user: User, assignment: Assignment) -> Side:
    """Return on which side of the task ``user`` stands: the expert's, else the orderer's."""
    return Side.EXPERT if assignment.expert.user_id == user.pk else Side.ORDERER


def awaiting_feedback(user: User) -> models.QuerySet[Assignment]:
    """Return the done tasks on which ``user`` has not said how it went, the latest first."""
    as_expert = models.Q(expert__user=user) & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.EXPERT)
    )
    as_orderer = models.Q(order__contact=user) & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.ORDERER)
    )
    return (
        Assignment.objects.filter(as_expert | as_orderer, state=AssignmentState.DONE)
        .select_related("order__task_type", "expert")
        .order_by("-ends_at", "-pk")
    )


def awaiting_what_changed(user: User) -> models.QuerySet[WhatChanged]:
    """Return the questions "what changed" that ``user`` has been asked and not answered."""
    return (
        WhatChanged.objects.filter(order__contact=user, answered_at=None)
        .exclude(asked_at=None)
        .select_related("order__task_type")
        .order_by("ask_on", "pk")
    )


def sides_to_tell(order: Order) -> dict[int, list[Side]]:
    """Return, for each done task of ``order`` by its id, the sides that have not said how it went."""
    done = order.assignments.filter(state=AssignmentState.DONE).values_list("pk", flat=True)
    given = set(
        Feedback.objects.filter(assignment__order=order).values_list("assignment_id", "side")
    )
    return {pk: [side for side in Side if (pk, side) not in given] for pk in done}


def open_debriefs() -> models.QuerySet[Debrief]:
    """Return the talks that wait for the counter, oldest first."""
    return (
        Debrief.objects.filter(state=DebriefState.ASKED)
        .select_related("asked_by", "assignment__order")
        .order_by("asked_at", "pk")
    )
