"""The expert's desk and agreed tasks."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.models import Assignment, CalendarKey, Via
from luukku.assignments.queries import offers_to_answer, tasks_of, upcoming
from luukku.assignments.states import AssignmentState
from luukku.experts.queries import missing_parts
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.feedback.queries import awaiting_feedback
from luukku.notices.queries import letters_of
from luukku.orders.models import CancelledBy
from luukku.web.expert.common import own_expert, tabs
from luukku.web.http import page, see_other
from luukku.web.tasks_forms import FeedbackForm, ReasonForm
from luukku.workflow.actions import WrongState


@page("expert")
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the expert."""
    expert, now = own_expert(request), timezone.now()
    context = {
        "expert": expert,
        "tabs": tabs("desk"),
        "missing": missing_parts(expert),
        "offers": offers_to_answer(expert, at=now),
        "next_tasks": [
            task for task in upcoming(request.user, at=now) if task.expert_id == expert.pk
        ],
        "to_tell": [
            task for task in awaiting_feedback(request.user) if task.expert_id == expert.pk
        ],
        "letters": letters_of(request.user, at=now)[:3],
    }
    return render(request, "expert/desk.html", context)


@page("expert")
def tasks(request: HttpRequest) -> HttpResponse:
    """Agreed and past tasks."""
    expert = own_expert(request)
    found = Paginator(tasks_of(expert), 20).get_page(request.GET.get("page"))
    key = CalendarKey.objects.filter(user=request.user).first()
    return render(request, "expert/tasks.html", {"tasks": found, "tabs": tabs("tasks"), "key": key})


def _own(request: HttpRequest, pk: int) -> Assignment:
    tasks = Assignment.objects.select_related(
        "order__task_type", "order__municipality", "order__contact", "order__organisation"
    )
    return get_object_or_404(tasks, pk=pk, expert__user=request.user)


@page("expert")
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one agreed task."""
    found = _own(request, pk)
    context = {
        "task": found,
        "order": found.order,
        "tabs": tabs("tasks"),
        "has_begun": found.starts_at <= timezone.now(),
        "changed": WhatChanged.objects.filter(order=found.order).exclude(answered_at=None).first(),
        "may_tell": found.state == AssignmentState.DONE
        and not Feedback.objects.filter(assignment=found, side=Side.EXPERT).exists(),
    }
    return render(request, "expert/task.html", context)


@page("expert", methods=("GET", "POST"))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an agreed task."""
    found = _own(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(
                found,
                whose=CancelledBy.EXPERT,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(
                request, _("The task has been cancelled. The counter looks for another expert.")
            )
        except WrongState:
            messages.info(request, _("The task has already ended or been cancelled."))
        return see_other("expert:tasks")
    context = {"form": form, "task": found, "tabs": tabs("tasks")}
    return render(
        request, "expert/cancel.html", context, status=422 if request.method == "POST" else 200
    )


@page("expert", methods=("POST",))
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell that the task has been done."""
    found = _own(request, pk)
    try:
        feedback_actions.close_task(found, by=request.user, at=timezone.now())
        messages.success(request, _("Thank you! Tell next how it went."))
    except WrongState:
        messages.info(
            request, _("The task has not begun yet, or it has been marked as done already.")
        )
        return see_other("expert:task", pk)
    return see_other("expert:feedback", pk)


@page("expert", methods=("GET", "POST"))
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell how a task went."""
    found = _own(request, pk)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers, now = dict(form.cleaned_data), timezone.now()
        wants_debrief = answers.pop("wants_debrief")
        try:
            feedback_actions.give(
                found, side=Side.EXPERT, by=request.user, at=now, via=Via.DESK, **answers
            )
            messages.success(request, _("Thank you for your feedback."))
        except feedback_actions.GivenAlready:
            messages.info(request, _("Your feedback has been written down already."))
        except feedback_actions.NotDone:
            messages.info(request, _("Feedback can be given when the task has been done."))
            return see_other("expert:task", pk)
        if wants_debrief:
            feedback_actions.ask_debrief(found, by=request.user, at=now)
        return see_other("expert:task", pk)
    context = {"form": form, "assignment": found, "base": "ui/desk.html", "tabs": tabs("tasks")}
    return render(
        request, "ui/task/feedback.html", context, status=422 if request.method == "POST" else 200
    )


@page("expert", methods=("POST",))
def calendar(request: HttpRequest) -> HttpResponse:
    """Get a new calendar address."""
    actions.new_calendar_key(request.user, at=timezone.now())
    messages.success(request, _("Here is your calendar address. Keep it to yourself."))
    return see_other("expert:tasks")
