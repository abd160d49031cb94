"""Agreed tasks at the counter: done, or cancelled for the expert who called."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.content import actions as content
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import WhatChanged
from luukku.orders.models import CancelledBy
from luukku.web.counter.common import form_page
from luukku.web.http import page, see_other
from luukku.web.tasks_forms import ReasonForm
from luukku.workflow.actions import WrongState


@page("coordinator", methods=("POST",))
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a task as done."""
    task = get_object_or_404(Assignment, pk=pk)
    try:
        feedback_actions.close_task(task, by=request.user, at=timezone.now())
        messages.success(request, _("Done. Both sides are asked how it went."))
    except WrongState:
        messages.info(
            request, _("The task has not begun yet, or it has been marked as done already.")
        )
    return see_other("counter:order", task.order_id)


@page("coordinator", methods=("GET", "POST"))
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel one expert's task, for the expert who called."""
    task = get_object_or_404(Assignment.objects.select_related("order", "expert__user"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assignments.cancel(
                task,
                whose=CancelledBy.EXPERT,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
                on_behalf_of=task.expert.user,
            )
            messages.success(request, _("Cancelled. Everybody has been told."))
        except WrongState:
            messages.info(request, _("The task has already ended or been cancelled."))
        return see_other("counter:order", task.order_id)
    return form_page(
        request, task.order, form, title=_("The expert cancels"), label=_("Cancel the task")
    )


@page("coordinator", methods=("POST",))
def start_practice(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a good practice from what the orderer told, and go on with it among the pages."""
    changed = get_object_or_404(WhatChanged.objects.select_related("order__task_type"), order=pk)
    try:
        practice = content.start_practice(changed, by=request.user, at=timezone.now())
    except content.NoSection:
        messages.error(request, _("There is no section for good practices. Make it first."))
        return see_other("counter:order", pk)
    return see_other("wagtailadmin_pages:edit", practice.pk)
