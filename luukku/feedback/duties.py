"""What waits for the counter after a task."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.feedback.actions import CLOSE_BY_ITSELF
from luukku.feedback.models import Debrief, Feedback, WhatChanged
from luukku.feedback.queries import open_debriefs, what_changed_awaited
from luukku.orders.called import called_by_contact

DONE = DutyKind("done", _("Was the task done?"), page="counter:order", within=CLOSE_BY_ITSELF)
DEBRIEF = DutyKind("debrief", _("Arrange a talk"), page="counter:debrief", within=timedelta(days=3))
FEEDBACK = DutyKind(
    "feedback", _("Read feedback"), page="counter:feedback", within=timedelta(days=7)
)
CHANGED = DutyKind(
    "changed", _("Call: what changed?"), page="counter:order", within=timedelta(days=21)
)
PATIENCE = timedelta(days=14)  # so long an orderer may think of what changed before somebody calls


@DONE.finds
def past(at: Instant) -> Waiting:
    """Tasks that have ended and that nobody has marked; the machine does it a day later."""
    rows = Assignment.objects.filter(state=AssignmentState.AGREED, ends_at__lte=at)
    return Waiting(rows, since="ends_at", pk="order_id", starts_at="starts_at")


@DONE.calls
def which_task(keys: Collection[int]) -> dict[int, Called]:
    """Who was there and what it was."""
    rows = _tasks(keys=list(keys))
    return {pk: Called(f"{code_name} · {title}") for pk, code_name, title in rows}


@once
def _tasks() -> QuerySet[Any, Any]:
    rows = Assignment.objects.filter(with_keys())
    return rows.values_list("pk", "expert__code_name", "order__title")


@DEBRIEF.finds
def debriefs(at: Instant) -> Waiting:
    """Wishes to talk after a task."""
    return Waiting(open_debriefs(), since="asked_at", starts_at="assignment__starts_at")


@DEBRIEF.calls
def who_wants_to_talk(keys: Collection[int]) -> dict[int, Called]:
    """Who asked, and their number."""
    return {
        row.pk: Called(row.asked_by.name, row.asked_by.name, row.asked_by.phone)
        for row in _talks(keys=list(keys))
    }


@objects_once
def _talks() -> QuerySet[Debrief]:
    rows = Debrief.objects.filter(with_keys()).select_related("asked_by")
    return rows.only("asked_by__name", "asked_by__phone")


@FEEDBACK.finds
def unread(at: Instant) -> Waiting:
    """Feedback that nobody at the counter has read."""
    return Waiting(Feedback.objects.waiting(), since="given_at", starts_at="assignment__starts_at")


@FEEDBACK.calls
def about_what(keys: Collection[int]) -> dict[int, Called]:
    """The order's title."""
    return {pk: Called(title) for pk, title in _titles(keys=list(keys))}


@once
def _titles() -> QuerySet[Any, Any]:
    return Feedback.objects.filter(with_keys()).values_list("pk", "assignment__order__title")


@CHANGED.finds
def what_changed(at: Instant) -> Waiting:
    """Orderers who were asked what changed and have not answered."""
    rows = what_changed_awaited(at=at).filter(asked_at__lte=at - PATIENCE)
    return Waiting(rows, since="asked_at", pk="order_id")


@CHANGED.calls
def whom_to_ask(keys: Collection[int]) -> dict[int, Called]:
    """The order, and its contact person's number."""
    rows = _orders(keys=list(keys))
    orders = called_by_contact([order for _pk, order in rows])
    return {pk: orders[order] for pk, order in rows if order in orders}


@once
def _orders() -> QuerySet[Any, Any]:
    return WhatChanged.objects.filter(with_keys()).values_list("pk", "order_id")
