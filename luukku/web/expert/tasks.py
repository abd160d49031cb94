"""The expert's desk and agreed tasks."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.dates import by_series
from luukku.assignments.models import Assignment, Via
from luukku.assignments.queries import (
    next_tasks,
    offers_to_answer,
    open_until,
    opens_identity,
    sign_ups_of,
    tasks_in_month,
    tasks_of,
)
from luukku.assignments.states import CANCEL, AssignmentState
from luukku.coping.models import Flag
from luukku.coping.states import FlagState
from luukku.core.times import helsinki
from luukku.events.models import Event
from luukku.events.queries import may_lead_peers
from luukku.experts.models import Expert
from luukku.experts.queries import is_on_break, missing_parts, why_not_offered
from luukku.experts.states import ExpertState
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Side, WhatChanged
from luukku.feedback.queries import changed_by, to_tell
from luukku.matching.calls import calls_together
from luukku.notices.queries import letters_of
from luukku.orders.models import CancelledBy
from luukku.readiness.queries import connection_of
from luukku.web.expert.frame import own_expert, show
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.answers import calendar_file, cancel_context
from luukku.web.parts.assignments.forms import FeedbackForm, ReasonForm
from luukku.workflow.actions import require

A_PAGE = 20
SOME_CALLS = 9  # counted on the desk; more is said as "9+"


@page("expert")
def expert_desk(request: Request) -> HttpResponse:
    """What waits for the expert."""
    expert, now = get_object_or_404(Expert.objects.of(request.user)), timezone.now()
    expert.user = request.user
    missing, today = missing_parts(expert), helsinki(now).date()
    calls = (
        calls_together(expert, at=now, limit=SOME_CALLS)
        if expert.state == ExpertState.ACTIVE
        else []
    )
    return show(
        request,
        "expert/desk.html",
        "desk",
        expert=expert,
        missing=missing,
        is_on_break=is_on_break(expert, today),
        why=why_not_offered(expert, missing, on=today),
        sign_ups=by_series(sign_ups_of(expert)),
        offers=offers_to_answer(expert, at=now),
        next_tasks=list(next_tasks(expert, at=now)[:5]),
        to_tell=list(to_tell(expert)[:5]),
        changes=changed_by(expert)[:2],
        letters=letters_of(request.user, at=now).only("subject", "made_at", "read_at")[:3],
        calls=len(calls),
        own_tasks=tasks_in_month(expert, now),
        leads_peers=may_lead_peers(request.user),
        next_led=Event.objects.led_by(request.user).coming(now).with_numbers().first()
        if request.user.is_steering
        else None,
        signs=Flag.objects.of(request.user).filter(state=FlagState.RAISED).count(),
    )


@page("expert")
def tasks(request: Request) -> HttpResponse:
    """Agreed and past tasks."""
    expert = own_expert(request)
    agreed = tasks_of(expert).filter(state=AssignmentState.AGREED).order_by("starts_at", "pk")
    past = tasks_of(expert).exclude(state=AssignmentState.AGREED)
    return show(
        request,
        "expert/assignments/tasks.html",
        "tasks",
        agreed=agreed,
        past=paged(request, past, A_PAGE),
    )


def _task(request: Request, pk: int) -> Assignment:
    tasks = Assignment.objects.visible_to(request.user).select_related(
        "order__task_type",
        "order__municipality",
        "order__contact",
        "order__organisation",
        "expert__user",
        "offer__order",
    )
    return get_object_or_404(tasks, pk=pk, expert__user=request.user)


@page("expert")
def task(request: Request, pk: int) -> HttpResponse:
    """Everything about one agreed task."""
    task = _task(request, pk)
    is_done = task.state == AssignmentState.DONE
    answered = task.feedback.filter(side=Side.EXPERT).exists()
    return show(
        request,
        "expert/assignments/task.html",
        "tasks",
        task=task,
        order=task.order,
        connection=connection_of(task.order) if task.state == AssignmentState.AGREED else None,
        has_begun=task.starts_at <= timezone.now(),
        changed=WhatChanged.objects.visible_to(request.user)
        .filter(order=task.order)
        .exclude(answered_at=None)
        .first(),
        is_done=is_done,
        has_told=answered,
        open_until=open_until(task.offer, at=timezone.now()),
        is_open=opens_identity(task),
        has_asked_debrief=is_done and task.debriefs.filter(asked_by=request.user).exists(),
    )


@page("expert", methods=("GET", "POST"))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel an agreed task."""
    task = _task(request, pk)
    form = ReasonForm(data_of(request))
    back = reverse("expert:task", args=[pk])
    return form_act(
        request,
        partial(actions.cancel, whose=CancelledBy.EXPERT),
        task,
        form=form,
        page=lambda status: show(
            request,
            "ui/confirm.html",
            "tasks",
            status=status,
            **cancel_context(task, form, back=back),
        ),
        ready=partial(require, task, CANCEL),
        to=see_other("expert:task", pk),
    )


@page("expert")
def calendar_entry(request: Request, pk: int) -> HttpResponse:
    """One task as a file for a calendar program."""
    return calendar_file(_task(request, pk), reader=request.user)


@page("expert", methods=("POST",))
def done(request: Request, pk: int) -> HttpResponse:
    """Tell that the task has been done."""
    task = _task(request, pk)
    return form_act(
        request,
        feedback_actions.close_task,
        task,
        done=_("Thank you! Tell next how it went."),
        to=see_other("expert:feedback", pk),
        back=see_other("expert:task", pk),
    )


@page("expert", methods=("GET", "POST"))
def feedback(request: Request, pk: int) -> HttpResponse:
    """Tell how a task went."""
    task, form = _task(request, pk), FeedbackForm(data_of(request), side=Side.EXPERT)
    return form_act(
        request,
        partial(feedback_actions.give, side=Side.EXPERT, via=Via.DESK),
        task,
        form=form,
        page=lambda status: show(
            request,
            "parts/assignments/feedback.html",
            "tasks",
            form=form,
            assignment=task,
            base="ui/desk.html",
            status=status,
        ),
        ready=partial(feedback_actions.require_awaited, task, side=Side.EXPERT),
        done=_("Thank you for your feedback."),
        to=see_other("expert:task", pk),
    )


@page("expert", methods=("POST",))
def debrief(request: Request, pk: int) -> HttpResponse:
    """Ask for a talk about a task."""
    return form_act(
        request,
        feedback_actions.ask_debrief,
        _task(request, pk),
        done=_("The counter gets in touch with you to agree on a time to talk."),
        to=see_other("expert:task", pk),
    )
