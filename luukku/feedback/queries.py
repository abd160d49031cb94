"""Reading feedback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.queries import NAMES, ROW
from luukku.assignments.states import AssignmentState
from luukku.core.compiled import Instant
from luukku.experts.models import Expert
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.feedback.states import DebriefState
from luukku.orders.models import Order, ordered_for
from luukku.orders.queries import next_step
from luukku.orders.states import OrderState

FORGIVEN = timedelta(days=120)  # then the link to tell what changed has ended


def side_of(user: User, assignment: Assignment) -> Side:
    """Return on which side of the task ``user`` stands: the expert's, else the orderer's."""
    return Side.EXPERT if assignment.expert.user_id == user.pk else Side.ORDERER


def awaiting_feedback(user: User) -> models.QuerySet[Assignment]:
    """Return the done tasks on which ``user`` has not said how it went, the latest first."""
    as_expert = models.Q(expert__user=user) & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.EXPERT)
    )
    is_contact = models.Q(order__contact=user, order__organisation__in=ordered_for(user))
    as_orderer = is_contact & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.ORDERER)
    )
    return (
        Assignment.objects.filter(as_expert | as_orderer, state=AssignmentState.DONE)
        .select_related("order__task_type", "expert")
        .order_by("-ends_at", "-pk")
    )


HAS_BEEN = _("The day has passed. Tell below that the task has been done. If it was not, call us.")
WAITS_FOR_EXPERT = _("Thank you for your feedback. The expert’s feedback is still awaited.")


def next_steps(orders: Iterable[Order], *, at: datetime) -> list[tuple[Order, str | Promise]]:
    """Return each order with what happens next, said to its orderer: after the day by what is still untold."""
    orders = list(orders)
    over = [one.pk for one in orders if one.state in {OrderState.STAFFED, OrderState.DONE}]
    of = defaultdict(list)
    if over:
        told = Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.ORDERER)
        tasks = Assignment.objects.live().filter(order__in=over)
        tasks = tasks.annotate(has_told=models.Exists(told))
        for order_id, *facts in tasks.values_list("order_id", "state", "ends_at", "has_told"):
            of[order_id].append(facts)
    return [(order, _after_the_day(of[order.pk], at) or next_step(order)) for order in orders]


def _after_the_day(tasks: list[list], at: datetime) -> str | Promise | None:
    """Return what waits once an order's tasks are over; None before, and while its orderer is to tell.

    The last feedback closes the order, so an open one whose orderer has told of every task waits for experts.
    """
    if not tasks or any(ends_at > at for _state, ends_at, _has_told in tasks):
        return None
    if any(state == AssignmentState.AGREED for state, _ends_at, _has_told in tasks):
        return HAS_BEEN
    return WAITS_FOR_EXPERT if all(has_told for *_rest, has_told in tasks) else None


def to_tell(expert: Expert) -> models.QuerySet[Assignment]:
    """Return the done tasks on which ``expert`` has not said how it went, the latest first, as rows show them."""
    told = Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.EXPERT)
    return (
        Assignment.objects.filter(~models.Exists(told), expert=expert, state=AssignmentState.DONE)
        .select_related("order__task_type")
        .only(*ROW)
        .order_by("-ends_at", "-pk")
    )


def changed_by(expert: Expert) -> models.QuerySet[WhatChanged]:
    """Return what orderers have told of the expert's done tasks, the latest first."""
    done = Assignment.objects.filter(expert=expert, state=AssignmentState.DONE)
    return (
        WhatChanged.objects.filter(order__in=done.values("order"))
        .exclude(answered_at=None)
        .select_related("order__task_type")
        .only("words", "answered_at", *NAMES)
        .order_by("-answered_at", "-pk")
    )


def awaiting_what_changed(user: User) -> models.QuerySet[WhatChanged]:
    """Return the questions "what changed" that ``user`` has been asked and not answered."""
    return (
        WhatChanged.objects.filter(
            order__contact=user, order__organisation__in=ordered_for(user), answered_at=None
        )
        .exclude(asked_at=None)
        .select_related("order__task_type")
        .order_by("ask_on", "pk")
    )


def what_changed_awaited(*, at: Instant) -> models.QuerySet[WhatChanged]:
    """Return the questions "what changed" that were asked and whose answer is still awaited."""
    return WhatChanged.objects.filter(answered_at=None, asked_at__gt=at - FORGIVEN)


def open_debriefs() -> models.QuerySet[Debrief]:
    """Return the talks that wait for the counter, oldest first."""
    return (
        Debrief.objects.filter(state=DebriefState.ASKED)
        .select_related("asked_by", "assignment__order")
        .order_by("asked_at", "pk")
    )
