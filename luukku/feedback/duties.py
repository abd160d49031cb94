"""What waits for the counter after a task."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.duty import MOST_ROWS, Duty, DutyKind
from luukku.feedback.actions import CLOSE_BY_ITSELF
from luukku.feedback.models import Feedback, WhatChanged
from luukku.feedback.queries import open_debriefs
from luukku.orders.queries import with_orderer

DONE = DutyKind("done", _("Was the task done?"), page="counter:order")
DEBRIEF = DutyKind("debrief", _("Arrange a talk"), page="counter:debrief", within=timedelta(days=3))
FEEDBACK = DutyKind(
    "feedback", _("Read feedback"), page="counter:feedback", within=timedelta(days=7)
)
CHANGED = DutyKind(
    "changed", _("Call: what changed?"), page="counter:order", within=timedelta(days=21)
)
PATIENCE = timedelta(days=14)  # so long an orderer may think of what changed before somebody calls
FORGIVEN = timedelta(days=120)  # then the link has ended, and nobody asks any more


@DONE.finds
def past(at: datetime) -> Iterator[Duty]:
    """Tasks that have ended and that nobody has marked; the machine does it a day later."""
    rows = (
        Assignment.objects.filter(state=AssignmentState.AGREED, ends_at__lte=at)
        .select_related("order", "expert")
        .order_by("ends_at", "pk")[:MOST_ROWS]
    )
    for task in rows:
        title = f"{task.expert.code_name} · {task.order.title}"
        due = task.ends_at + CLOSE_BY_ITSELF
        yield DONE.duty(task.order_id, title, since=task.ends_at, due=due)


@DEBRIEF.finds
def debriefs(at: datetime) -> Iterator[Duty]:
    """Wishes to talk after a task."""
    rows = open_debriefs()[:MOST_ROWS]
    return (DEBRIEF.duty(d.pk, d.asked_by.name, since=d.asked_at) for d in rows)


@FEEDBACK.finds
def unread(at: datetime) -> Iterator[Duty]:
    """Feedback that nobody at the counter has read."""
    rows = (
        Feedback.objects.waiting()
        .select_related("assignment__order")
        .order_by("given_at", "pk")[:MOST_ROWS]
    )
    return (FEEDBACK.duty(f.pk, f.assignment.order.title, since=f.given_at) for f in rows)


@CHANGED.finds
def what_changed(at: datetime) -> Iterator[Duty]:
    """Orderers who were asked what changed and have not answered."""
    rows = (
        WhatChanged.objects.filter(
            answered_at=None, asked_at__lte=at - PATIENCE, asked_at__gt=at - FORGIVEN
        )
        .select_related("order__organisation")
        .order_by("asked_at", "pk")[:MOST_ROWS]
    )
    return (CHANGED.duty(row.order_id, with_orderer(row.order), since=row.asked_at) for row in rows)
