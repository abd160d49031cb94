"""Agreed tasks at the counter: done, or cancelled for the one who called."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.notices import when
from luukku.assignments.states import CANCEL, FINISH, KEEP
from luukku.content import actions as content
from luukku.core.known import known
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import WhatChanged
from luukku.orders.models import CancelledBy
from luukku.orders.told import to_orderer
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.frame import TAKE_BACK, undoable, without_calls
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import TaskCancelForm, reason_field
from luukku.workflow.actions import require


@page("coordinator", methods=("GET", "POST"))
def done(request: Request, pk: int) -> HttpResponse:
    """Mark a task as done, once it has been said what follows."""
    tasks = Assignment.objects.select_related("order__organisation", "expert__user")
    task = fetch(tasks, pk, for_=request.user)
    return counter_act(
        request,
        feedback_actions.close_task,
        task,
        page=lambda _status: ask_first(
            request,
            tabs(request, "orders"),
            title=_("Has the task of %(name)s been done?") % {"name": task.expert.user.name},
            lead=f"{when(task.starts_at, task.ends_at)} · {known(task.order.organisation).name}",
            follows=[
                _("Both sides are asked by a letter how it went."),
                _("This cannot be taken back. If the task was not done, cancel it instead."),
            ],
            label=_("It has been done"),
            back=reverse("counter:order", args=[task.order_id]),
            keep=_("It has not been done"),
            is_end=False,
        ),
        ready=partial(require, task, FINISH),
        done=_("Done. Both sides are asked how it went."),
        to=see_other("counter:order", task.order_id),
    )


@page("coordinator", methods=("GET", "POST"))
def task_keep(request: Request, pk: int) -> HttpResponse:
    """Let a task go on without the training that the order asks for, once it has been said what it lacks."""
    tasks = Assignment.objects.select_related("order__organisation", "expert__user")
    task = fetch(tasks, pk, for_=request.user)
    return counter_act(
        request,
        assignments.keep_task,
        task,
        page=lambda _status: ask_first(
            request,
            tabs(request, "orders"),
            title=_("Does the task of %(name)s go on?") % {"name": task.expert.user.name},
            lead=f"{when(task.starts_at, task.ends_at)} · {known(task.order.organisation).name}",
            follows=[
                _("The order asks for a further training that the expert does not have any more."),
                _("Call the orderer first: this tells nobody by itself."),
                _(
                    "If the task does not go on, cancel it instead. Then another expert is looked for."
                ),
            ],
            label=_("The task goes on"),
            back=reverse("counter:order", args=[task.order_id]),
            keep=_("Not yet"),
            people=to_orderer(task.order),
            is_end=False,
        ),
        ready=partial(require, task, KEEP),
        done=_("The task goes on as agreed."),
        to=see_other("counter:order", task.order_id),
    )


class AgreedTaskCancelForm(TaskCancelForm):
    """Who cancels one task, why, and what then."""

    reason = reason_field(
        gettext_lazy(
            "The expert reads the orderer’s words in the letter. The expert’s own words stay at the counter."
        )
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Who cancels?"),
        choices=[
            (CancelledBy.EXPERT.value, gettext_lazy("The expert, who told us")),
            (CancelledBy.ORDERER.value, gettext_lazy("The orderer, who told us")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("whose", "reason", "is_replaced")

    def __init__(self, *args: Any, is_only_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_replaced"].help_text = (
            _("When the expert cancels we always do. Without this the order is cancelled.")
            if is_only_one
            else _(
                "When the expert cancels we always do. Without this the order goes on with one"
                " expert fewer."
            )
        )


@page("coordinator", methods=("GET", "POST"))
def task_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel one agreed task, for the expert or the orderer who called; the rest of the order goes on."""
    tasks = Assignment.objects.select_related(
        "order__contact", "order__organisation", "expert__user"
    )
    task = fetch(tasks, pk, for_=request.user)
    form = AgreedTaskCancelForm(data_of(request), is_only_one=task.order.seats.count() == 1)
    return counter_act(
        request,
        undoable(task.order, _cancel),
        task,
        form=form,
        page=lambda _status: _ask_cancel(request, task, form),
        ready=partial(require, task, CANCEL),
        done=_("Cancelled. Everybody is told."),
        to=see_other("counter:order", task.order_id),
    )


def _cancel(
    task: Assignment, *, whose: str, reason: str, is_replaced: bool, by: User, at: datetime
) -> Assignment:
    behalf = task.expert.user if whose == CancelledBy.EXPERT else task.order.contact
    return assignments.cancel(
        task,
        whose=CancelledBy(whose),
        reason=reason,
        is_replaced=is_replaced,
        by=by,
        at=at,
        on_behalf_of=behalf,
    )


def _ask_cancel(request: Request, task: Assignment, form: AgreedTaskCancelForm) -> HttpResponse:
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Cancel the task of %(name)s?") % {"name": task.expert.user.name},
        lead=f"{when(task.starts_at, task.ends_at)} · {known(task.order.organisation).name}",
        follows=[
            _("%(expert)s and %(orderer)s are told by a letter.")
            % {"expert": task.expert.user.name, "orderer": known(task.order.contact).name},
            TAKE_BACK,
        ],
        label=_("Cancel the task"),
        back=reverse("counter:order", args=[task.order_id]),
        keep=_("Keep the task"),
        form=form,
        people=[task.expert.user, task.order.contact],
        no_calls=without_calls([task]),
    )


@page("coordinator", methods=("POST",))
def start_practice(request: Request, pk: int) -> HttpResponse:
    """Begin a good practice from what the orderer told, and go on with it among the pages."""
    changed = get_object_or_404(
        WhatChanged.objects.visible_to(request.user).select_related("order__task_type"), order=pk
    )
    try:
        practice = content.start_practice(changed, by=request.user, at=timezone.now())
    except content.NoSection:
        messages.error(request, _("There is no section for good practices. Make it first."))
        return see_other("counter:order", pk)
    return see_other("wagtailadmin_pages:edit", practice.pk)
