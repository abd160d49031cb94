"""The orderer's orders from draft to "what changed"."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Via
from luukku.assignments.queries import identity_for
from luukku.assignments.states import AssignmentState
from luukku.audit.actions import note_reading
from luukku.experts.queries import card
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import timeline
from luukku.orders.states import CANCEL, OrderState
from luukku.organisations.states import OrganisationState
from luukku.web.http import Standing, orders_for, page, see_other
from luukku.web.order_forms import STEPS
from luukku.web.orderer.common import tabs
from luukku.web.tasks_forms import ChangedForm, FeedbackForm, ReasonForm
from luukku.web.wizard import Wizard
from luukku.workflow.actions import WrongState


def _visible(request: HttpRequest) -> object:
    """Return the orders of the desk; the counter's people see only what they order themselves."""
    orders = Order.objects.visible_to(request.user)
    if request.user.is_counter:
        organisations = [m.organisation_id for m in Standing.of(request).memberships]
        orders = orders.filter(organisation__in=organisations)
    return orders.select_related("task_type", "municipality", "organisation", "contact")


def _order(request: HttpRequest, pk: int) -> Order:
    return get_object_or_404(_visible(request), pk=pk)


@page("orderer")
def orders(request: HttpRequest) -> HttpResponse:
    """All orders of the organisation."""
    rows = _visible(request).filter(organisation=Standing.of(request).membership.organisation)
    found = Paginator(rows.prefetch_related("times").order_by("-pk"), 20).get_page(request.GET.get("page"))
    return render(request, "orderer/orders.html", {"orders": found, "tabs": tabs(request, "orders")})


@page("orderer", methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Begin an order."""
    if request.method == "POST":
        if not orders_for(request):
            raise Http404
        ours = Standing.of(request).membership.organisation
        order = actions.start(by=request.user, at=timezone.now(), organisation=ours)
        return see_other("orderer:order-step", order.pk, "what")
    return render(request, "orderer/new.html", {"tabs": tabs(request, "orders")})


def _wizard(request: HttpRequest, pk: int) -> Wizard:
    return Wizard(request, _order(request, pk), "orderer", "ui/desk.html", request.user, tabs(request, "orders"))


@page("orderer", methods=("GET", "POST"))
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a draft."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, pk).step(step)


@page("orderer", methods=("GET", "POST"))
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step of a draft."""
    return _wizard(request, pk).check()


@page("orderer")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: where it stands, who comes, what happens next."""
    found, now = _order(request, pk), timezone.now()
    if found.state == OrderState.DRAFT:
        return see_other("orderer:order-step", pk, "what")
    context = {
        "order": found, "tabs": tabs(request, "orders"), "timeline": timeline(found),
        "tasks": _tasks(request, found, now), "may_cancel": found.state in CANCEL.sources,
        "next": NEXT.get(found.state, ""),
        "changed": WhatChanged.objects.filter(order=found).first(),
        "is_vetted": found.organisation.state == OrganisationState.VETTED,
    }
    return render(request, "orderer/order.html", context)


def _tasks(request: HttpRequest, found: Order, now: object) -> list[dict[str, object]]:
    """Return each agreed task with the expert's card and, after the yes, the identity; readings are noted."""
    theme_ids = [row.theme_id for row in found.order_themes.all()]
    tasks = []
    for task in found.assignments.select_related("expert__user", "expert__municipality__county").order_by("seat__number", "pk"):
        identity = identity_for(request.user, task)
        if identity is not None:
            note_reading(
                reader=request.user, person=task.expert.user, what="identity", why=f"order {found.pk}", at=now
            )
        tasks.append(
            {
                "task": task, "identity": identity, "card": card(task.expert, theme_ids=theme_ids),
                "may_finish": task.state == AssignmentState.AGREED and task.starts_at <= now,
                "may_tell": task.state == AssignmentState.DONE
                and not Feedback.objects.filter(assignment=task, side=Side.ORDERER).exists(),
            }
        )
    return tasks


NEXT = {
    OrderState.SENT: gettext_lazy("Next the counter reads your order and gets in touch if needed."),
    OrderState.ACCEPTED: gettext_lazy("Next the counter opens the search for an expert."),
    OrderState.SEARCHING: gettext_lazy("The counter is asking experts. You hear from us as soon as somebody says yes."),
    OrderState.STAFFED: gettext_lazy("Get in touch with the expert in good time: agree on how to meet and how to prepare."),
    OrderState.DONE: gettext_lazy("Tell how it went. Later we ask what changed."),
}


@page("orderer", methods=("POST",))
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new order from an earlier one."""
    twin = actions.copy(_order(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Copied. Check the times and agree on the payment again."))
    return see_other("orderer:order-step", twin.pk, "what")


@page("orderer", methods=("GET", "POST"))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an order."""
    found = _order(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assignments.cancel_order(
                found, whose=CancelledBy.ORDERER, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
            messages.success(request, _("The order has been cancelled. Everybody who had said yes has been told."))
        except WrongState:
            messages.info(request, _("The order has already ended."))
        return see_other("orderer:orders")
    context = {"form": form, "order": found, "tabs": tabs(request, "orders")}
    return render(request, "orderer/cancel.html", context, status=422 if request.method == "POST" else 200)


def _task(request: HttpRequest, pk: int) -> Assignment:
    tasks = Assignment.objects.filter(order__in=_visible(request)).select_related("order__task_type", "expert")
    return get_object_or_404(tasks, pk=pk)


@page("orderer", methods=("POST",))
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell that the task has been done."""
    task = _task(request, pk)
    try:
        feedback_actions.close_task(task, by=request.user, at=timezone.now())
        messages.success(request, _("Thank you! Tell next how it went."))
    except WrongState:
        messages.info(request, _("The task has not begun yet, or it has been marked as done already."))
        return see_other("orderer:order", task.order_id)
    return see_other("orderer:feedback", pk)


@page("orderer", methods=("GET", "POST"))
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell how a task went."""
    task = _task(request, pk)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers, now = dict(form.cleaned_data), timezone.now()
        wants_debrief = answers.pop("wants_debrief")
        try:
            feedback_actions.give(task, side=Side.ORDERER, by=request.user, at=now, via=Via.DESK, **answers)
            messages.success(request, _("Thank you for your feedback."))
        except feedback_actions.GivenAlready:
            messages.info(request, _("Your feedback has been written down already."))
        except feedback_actions.NotDone:
            messages.info(request, _("Feedback can be given when the task has been done."))
            return see_other("orderer:order", task.order_id)
        if wants_debrief:
            feedback_actions.ask_debrief(task, by=request.user, at=now)
        return see_other("orderer:order", task.order_id)
    context = {"form": form, "assignment": task, "base": "ui/desk.html", "tabs": tabs(request, "orders")}
    return render(request, "ui/task/feedback.html", context, status=422 if request.method == "POST" else 200)


@page("orderer", methods=("GET", "POST"))
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what changed."""
    found = _order(request, pk)
    asked = get_object_or_404(WhatChanged, order=found)
    form = ChangedForm(request.POST if request.method == "POST" else None, initial={"words": asked.words})
    if request.method == "POST" and form.is_valid():
        feedback_actions.tell_what_changed(
            found, words=form.cleaned_data["words"], by=request.user, at=timezone.now(), via=Via.DESK
        )
        messages.success(request, _("Thank you. The expert hears about it."))
        return see_other("orderer:order", pk)
    context = {"form": form, "order": found, "base": "ui/desk.html", "tabs": tabs(request, "orders")}
    return render(request, "ui/task/changed.html", context, status=422 if request.method == "POST" else 200)
