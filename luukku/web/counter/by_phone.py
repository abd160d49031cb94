"""What somebody without e-mail tells by phone or on paper after a task; the record says who said it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Via
from luukku.feedback import actions
from luukku.feedback.models import Side, WhatChanged
from luukku.orders.actions import copy
from luukku.orders.models import Order
from luukku.web.counter.frame import form_page
from luukku.web.counter.orders.frame import home_of_task
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.parts.assignments.forms import ChangedForm, FeedbackForm


def _task(pk: int, side: str) -> tuple[Assignment, User]:
    """Return a task and the person who stands on ``side`` of it."""
    if side not in Side.values:
        raise Http404
    tasks = Assignment.objects.select_related("order__contact", "expert__user")
    found = get_object_or_404(tasks, pk=pk)
    return found, found.expert.user if side == Side.EXPERT else found.order.contact


@page("coordinator", methods=("GET", "POST"))
def feedback(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """Write down how the task went for one side."""
    found, person = _task(pk, side)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers, now = dict(form.cleaned_data), timezone.now()
        wants_debrief = answers.pop("wants_debrief")
        try:
            actions.give(
                found,
                side=Side(side),
                by=request.user,
                at=now,
                via=Via.COUNTER,
                on_behalf_of=person,
                **answers,
            )
            messages.success(request, _("The feedback has been written down."))
        except actions.GivenAlready:
            messages.info(request, _("This side’s feedback has been written down already."))
        except actions.NotDone:
            messages.info(request, _("Feedback can be given when the task has been done."))
        else:
            if wants_debrief:
                actions.ask_debrief(found, by=request.user, at=now, on_behalf_of=person)
        return see_other("counter:order", found.order_id)
    who = found.expert.code_name if side == Side.EXPERT else person.name
    title = _("Feedback by phone or on paper: %(name)s") % {"name": who}
    return form_page(request, found.order, form, title=title, label=_("Write down the feedback"))


@page("coordinator", methods=("POST",), home=home_of_task)
def debrief(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """Put one side's wish to talk into the queue."""
    found, person = _task(pk, side)
    actions.ask_debrief(found, by=request.user, at=timezone.now(), on_behalf_of=person)
    messages.success(request, _("The wish to talk is in the queue."))
    return see_other("counter:order", found.order_id)


@page("coordinator", methods=("GET", "POST"))
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the orderer says has changed."""
    asked = get_object_or_404(WhatChanged.objects.select_related("order__contact"), order=pk)
    posted = request.POST if request.method == "POST" else None
    form = ChangedForm(posted, about=asked)
    if posted is not None and form.is_valid():
        actions.tell_what_changed(
            asked.order,
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
            via=Via.COUNTER,
            on_behalf_of=asked.order.contact,
        )
        messages.success(request, _("Written down. The experts see the answer."))
        return see_other("counter:order", pk)
    title = _("What changed because of this?")
    return form_page(request, asked.order, form, title=title, label=_("Write down the answer"))


@page("coordinator", methods=("POST",))
def order_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new draft for the same orderer with the contents of an earlier order."""
    order = get_object_or_404(Order.objects.exclude(organisation=None), pk=pk)
    twin = copy(order, by=request.user, at=timezone.now())
    messages.success(request, _("Here is a copy. Give it new times and check the payment."))
    return see_other("counter:order-check", twin.pk)
