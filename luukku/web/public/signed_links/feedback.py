"""Telling how it went, and what changed, without signing in."""

from __future__ import annotations

from functools import partial

from allauth.account.adapter import get_adapter
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Via
from luukku.assignments.states import AssignmentState
from luukku.core.links import BadLink, read
from luukku.feedback import actions as feedback
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.feedback.queries import awaiting_feedback, side_of
from luukku.orders.models import Order
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of, form_act, status_of
from luukku.web.kit.redirects import see_other
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
from luukku.web.parts.assignments.forms import ChangedForm, FeedbackForm
from luukku.web.public.signed_links.common import MAX_AGE, bad_link, person_of, told_page
from luukku.web.ui.forms import Form
from luukku.workflow.queries import may


@page(EVERYONE, methods=("GET", "POST"))
def feedback_link(request: HttpRequest, side: str, token: str) -> HttpResponse:
    """Give feedback without signing in."""
    if side not in Side.values:
        raise Http404
    try:
        link = read(token, purpose=f"feedback-{side}", max_age=MAX_AGE)
    except BadLink as error:
        return bad_link(request, error)
    person = person_of(link)
    if person is None:
        return bad_link(request)
    assignment = (
        Assignment.objects.visible_to(person)
        .filter(pk=link.object_id)
        .select_related("order__task_type", "expert")
        .first()
    )
    if assignment is None or assignment.state != AssignmentState.DONE:
        return bad_link(request)
    if not may(f"feedback.give_as_{side}", assignment, person):  # has left since
        return bad_link(request)
    given = assignment.feedback.filter(side=side).first()
    if given is not None:
        return _feedback_receipt(request, given, person)
    form = FeedbackForm(data_of(request), side=Side(side))
    context = {"form": form, "assignment": assignment, "base": "ui/public.html", "tabs": []}
    return form_act(
        request,
        partial(feedback.give, side=Side(side), via=Via.LINK),
        assignment,
        by=person,
        form=form,
        page=lambda status: render(
            request, "parts/assignments/feedback.html", context, status=status
        ),
        to=see_other("public:feedback-link", side, token),
    )


def _feedback_receipt(request: HttpRequest, given: Feedback, person: User) -> HttpResponse:
    wants_debrief = given.assignment.debriefs.filter(asked_by=person).exists()
    context = {
        "given": given,
        "task": given.assignment,
        "wants_debrief": wants_debrief,
        "is_late": request.method == "POST",
    }
    return render(request, "public/feedback/receipt.html", context)


@page(EVERYONE, methods=("GET", "POST"))
def changed_link(request: HttpRequest, token: str) -> HttpResponse:
    """Tell what changed without signing in."""
    try:
        link = read(token, purpose="changed", max_age=MAX_AGE)
    except BadLink as error:
        return bad_link(request, error)
    person = person_of(link)
    if person is None:
        return bad_link(request)
    order = Order.objects.visible_to(person).filter(pk=link.object_id).first()
    asked = WhatChanged.objects.visible_to(person).filter(order=order).first() if order else None
    if order is None or asked is None:
        return bad_link(request)
    if not may("feedback.tell_what_changed", order, person):  # has left since
        return bad_link(request)
    if asked.answered_at is not None:
        told = {"asked": asked, "order": order, "is_late": request.method == "POST"}
        return render(request, "public/assignments/changed_receipt.html", told)
    form = ChangedForm(data_of(request), about=asked)
    context = {"form": form, "order": order, "base": "ui/public.html", "tabs": []}
    return form_act(
        request,
        partial(feedback.tell_what_changed, via=Via.LINK),
        order,
        by=person,
        form=form,
        page=lambda status: render(
            request, "parts/assignments/changed.html", context, status=status
        ),
        to=see_other("public:changed-link", token),
    )


class DoorForm(Form):
    """Where to send fresh links."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), widget=forms.EmailInput({"autocomplete": "email"})
    )


@page(EVERYONE, methods=("GET", "POST"))
def feedback_door(request: HttpRequest) -> HttpResponse:
    """Give feedback: signed in, from a list; otherwise fresh links by mail, whoever asks."""
    if request.user.is_authenticated:
        tasks = [(task, side_of(request.user, task)) for task in awaiting_feedback(request.user)]
        return render(request, "public/feedback/list.html", {"tasks": tasks})
    form = DoorForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not Tries(request, "feedback", email, LETTERS).are_too_many():
            feedback.ask_links(email)
            return see_other("public:feedback-sent")
        form.add_error("email", get_adapter().validation_error("too_many_letters"))
    return render(
        request,
        "public/feedback/door.html",
        {"form": form},
        status=status_of(request),
    )


@page(EVERYONE)
def feedback_sent(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address is known or not."""
    return told_page(
        request,
        _("Check your e-mail"),
        _("If a task of yours waits for feedback, you get a link in a moment."),
    )
