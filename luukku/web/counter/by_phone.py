"""What somebody without e-mail tells by phone or on paper after a task; the record says who said it."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Via
from luukku.core.known import known
from luukku.feedback import actions
from luukku.feedback.models import Side, WhatChanged
from luukku.orders.actions import copy
from luukku.orders.models import Order
from luukku.web.counter.frame import act_on_order, counter_act
from luukku.web.counter.orders.frame import home_of_task
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import ChangedForm, FeedbackForm


def _task(request: Request, pk: int, side: str) -> tuple[Assignment, User]:
    """Return a task and the person who stands on ``side`` of it."""
    if side not in Side.values:
        raise Http404
    tasks = Assignment.objects.select_related("order__contact", "expert__user")
    task = fetch(tasks, pk, for_=request.user)
    return task, task.expert.user if side == Side.EXPERT else known(task.order.contact)


@page("coordinator", methods=("GET", "POST"))
def feedback(request: Request, pk: int, side: str) -> HttpResponse:
    """Write down how the task went for one side."""
    task, person = _task(request, pk, side)
    who = task.expert.code_name if side == Side.EXPERT else person.name
    return act_on_order(
        request,
        partial(actions.give, side=Side(side), via=Via.COUNTER, on_behalf_of=person),
        task.order,
        FeedbackForm(data_of(request), side=Side(side)),
        on=task,
        title=_("Feedback by phone or on paper: %(name)s") % {"name": who},
        label=_("Write down the feedback"),
        done=_("The feedback has been written down."),
    )


@page("coordinator", methods=("POST",), home=home_of_task)
def debrief(request: Request, pk: int, side: str) -> HttpResponse:
    """Put one side's wish to talk into the queue."""
    task, person = _task(request, pk, side)
    return counter_act(
        request,
        partial(actions.ask_debrief, on_behalf_of=person),
        task,
        done=_("The wish to talk is in the queue."),
        to=see_other("counter:order", task.order_id),
    )


@page("coordinator", methods=("GET", "POST"))
def changed(request: Request, pk: int) -> HttpResponse:
    """Write down what the orderer says has changed."""
    asked = get_object_or_404(
        WhatChanged.objects.visible_to(request.user).select_related("order__contact"), order=pk
    )
    return act_on_order(
        request,
        partial(actions.tell_what_changed, via=Via.COUNTER, on_behalf_of=asked.order.contact),
        asked.order,
        ChangedForm(data_of(request), about=asked),
        title=_("What changed because of this?"),
        label=_("Write down the answer"),
        done=_("Written down. The experts see the answer."),
    )


@page("coordinator", methods=("POST",))
def order_copy(request: Request, pk: int) -> HttpResponse:
    """Begin a new draft for the same orderer with the contents of an earlier order."""
    return counter_act(
        request,
        copy,
        fetch(Order.objects.exclude(organisation=None), pk, for_=request.user),
        done=_("Here is a copy. Give it new times and check the payment."),
        to=lambda twin: see_other("counter:order-check", twin.pk),
    )
