"""Orders on the organisation's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.actions import cancel, change_link
from luukku.assignments.models import Assignment, AssignmentQuerySet, OfferQuerySet, Via
from luukku.assignments.queries import Identity, identity_for
from luukku.assignments.states import CANCEL as CANCEL_TASK
from luukku.assignments.states import AssignmentState
from luukku.content.queries import practices_told_of
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.experts.queries import OrdererCard, card
from luukku.feedback import actions as feedbacks
from luukku.feedback.models import Side, WhatChanged
from luukku.orders import actions
from luukku.orders.finding import soonest_first
from luukku.orders.history import timeline
from luukku.orders.models import CancelledBy, Order, OrderQuerySet
from luukku.orders.notices import answer_path
from luukku.orders.queries import (
    first_time,
    going_on_beside,
    has_link,
    others_for,
    promised_on,
    series_of,
)
from luukku.orders.states import CANCEL, OPEN_STATES, OrderState
from luukku.organisations.states import OrganisationState
from luukku.readiness.queries import connection_of
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.kit.roles import Roles
from luukku.web.orderer.frame import ordering_for, show, with_next_step
from luukku.web.parts.assignments.forms import (
    ChangedForm,
    FeedbackForm,
    LinkForm,
    OrdererReasonForm,
    TaskCancelForm,
)
from luukku.web.parts.orders.which import ask_which, cancel_which
from luukku.workflow.actions import WrongState, require

A_PAGE = 20
GOING = "going"  # of the list's filter: in any state in which an order goes on


@dataclass(frozen=True)
class Agreed:
    """One agreed task as the orderer sees it: who comes, once that is open, and what waits for the orderer."""

    task: Assignment
    card: OrdererCard
    identity: Identity | None
    has_begun: bool
    is_told: bool  # the orderer has said how it went
    is_only: bool  # nobody else comes to the same order: it is cancelled as a whole


def mine(request: Request) -> OrderQuerySet:
    """Return the orders of this desk: the counter's people see here only what they order themselves."""
    orders = Order.objects.visible_to(request.user).exclude(
        state=OrderState.CANCELLED, sent_at=None
    )
    if request.user.is_counter:
        orders = orders.filter(
            organisation__in=[m.organisation_id for m in Roles.of(request).memberships]
        )
    return orders.select_related("organisation", "unit", "contact", "task_type", "municipality")


@page("orderer")
def orders(request: Request) -> HttpResponse:
    """All orders of the organisation: what is to come, soonest first, then what has been."""
    here = ordering_for(request)
    state = request.GET.get("state", "")
    mine_here = mine(request).filter(organisation=here).with_place_in_series()
    if state == GOING:
        mine_here = mine_here.in_state(*OPEN_STATES)
    elif state in OrderState.values:
        mine_here = mine_here.in_state(OrderState(state))
    rows = soonest_first(mine_here.prefetch_related("times"), at=timezone.now())
    shown = paged(request, rows, A_PAGE)
    return show(
        request,
        "orderer/orders/list.html",
        "orders",
        page=shown,
        rows=with_next_step(shown),
        states=[(GOING, _("All that are under way")), *OrderState.choices],
        state=state,
    )


@page("orderer")
def order(request: Request, pk: int) -> HttpResponse:
    """One order: how it stands, what happens next, who comes."""
    order, now = get_object_or_404(mine(request), pk=pk), timezone.now()
    if order.state == OrderState.DRAFT:
        return see_other("orderer:order-check", order.pk)
    themes = [row.theme_id for row in order.order_themes.all()]
    sees_cards = known(order.organisation).state == OrganisationState.VETTED
    what_changed = WhatChanged.objects.visible_to(request.user).filter(order=order).first()
    practice = None
    if what_changed is not None and what_changed.may_be_practice:
        practice = practices_told_of(what_changed).live().select_related("locale").first()
    tasks = list(_live(order))
    question = order.time_questions.waiting_for_orderer().defer("words").first()
    return show(
        request,
        "orderer/orders/detail.html",
        "orders",
        order=order,
        has_been=all(task.ends_at <= now for task in tasks),
        connection=connection_of(order),
        next_step=with_next_step([order])[0][1],
        timeline=timeline(order),
        series=series_of(order),
        answer_path=answer_path(question, request.user) if question else "",
        sees_cards=sees_cards,
        agreed=[
            _agreed(task, request.user, themes, now, is_only_one=order.seats.count() == 1)
            for task in tasks
        ],
        asked=[
            card(offer.expert, on=helsinki(now).date(), theme_ids=themes) for offer in _asked(order)
        ]
        if sees_cards
        else [],
        what_changed=what_changed,
        practice=practice,
        requests=[
            (asked, promised_on(asked.asked_at))
            for asked in order.change_requests.select_related("asked_by").order_by(
                "-asked_at", "-pk"
            )
        ],
    )


def _live(order: Order) -> AssignmentQuerySet:
    return (
        order.assignments.live().select_related("expert__user", "order").order_by("starts_at", "pk")
    )


def _asked(order: Order) -> OfferQuerySet:
    """Return the offers that wait for an answer; who said no is nobody's business."""
    waiting = order.offers.proposed()
    return waiting.select_related("expert__municipality__county").order_by("pk")


def _agreed(
    task: Assignment, user: User, themes: list[int], now: datetime, *, is_only_one: bool
) -> Agreed:
    identity = identity_for(user, task)
    return Agreed(
        task,
        card(task.expert, on=helsinki(now).date(), theme_ids=themes),
        identity,
        has_begun=task.starts_at <= now,
        is_told=task.state == AssignmentState.DONE and is_given(task),
        is_only=is_only_one,
    )


def is_given(task: Assignment) -> bool:
    """Return whether the orderer's side has told how the task went."""
    return task.feedback.filter(side=Side.ORDERER).exists()


@page("orderer", methods=("POST",))
def order_copy(request: Request, pk: int) -> HttpResponse:
    """Begin a new draft with the contents of an earlier order; times and payment are asked anew."""
    return form_act(
        request,
        actions.copy,
        get_object_or_404(mine(request), pk=pk),
        done=_("Here is a copy. Give it new times and check the payment."),
        to=lambda twin: see_other("orderer:order-check", twin.pk),
    )


@page("orderer", methods=("GET", "POST"))
def order_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel an order or throw a draft away."""
    order = get_object_or_404(mine(request), pk=pk)
    form = OrdererReasonForm(data_of(request))
    is_draft = order.state == OrderState.DRAFT
    ask_which(form, order, [] if is_draft else others_for(order, CANCEL, at=timezone.now()))
    return form_act(
        request,
        partial(cancel_which, whose=CancelledBy.ORDERER),
        order,
        form=form,
        page=lambda status: show(
            request,
            "orderer/orders/cancel.html",
            "orders",
            order=order,
            form=form,
            time=first_time(order),
            experts=_live(order).count(),
            others=going_on_beside(order),
            status=status,
        ),
        ready=partial(require, order, CANCEL),
        done=_("The draft has been deleted.")
        if is_draft
        else _("The order has been cancelled. Everybody who had said yes is told."),
        to=lambda _cancelled: see_other("orderer:orders") if is_draft else _ended(request, order),
        back=see_other("orderer:order", pk),
    )


def _ended(request: Request, order: Order) -> HttpResponse:
    """Go to the cancelled order, and say which of those made with it stay in force."""
    if others := going_on_beside(order):
        numbers = ", ".join(str(one.pk) for one in others)
        words = _("Of the orders made together these stay in force: %(numbers)s.")
        messages.info(request, words % {"numbers": numbers})
    return see_other("orderer:order", order.pk)


@page("orderer", methods=("GET", "POST"))
def order_link(request: Request, pk: int) -> HttpResponse:
    """Give the link of a remote task's video meeting, or another one."""
    order = get_object_or_404(mine(request), pk=pk)
    form = LinkForm(data_of(request), about=order)
    return form_act(
        request,
        change_link,
        order,
        form=form,
        page=lambda status: show(
            request, "orderer/orders/link.html", "orders", order=order, form=form, status=status
        ),
        ready=partial(_require_link, order),
        done=_("Saved. Experts who have said yes are told."),
        to=see_other("orderer:order", pk),
    )


def _require_link(order: Order) -> None:
    if not has_link(order):
        raise WrongState(order)


def _task(request: Request, pk: int) -> Assignment:
    """Return a task that the person has ordered, not one they do themselves."""
    return get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related("order__task_type", "expert"),
        pk=pk,
        order__in=Order.objects.visible_to(request.user),
    )


@page("orderer", methods=("GET", "POST"))
def task_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel one expert's task; the rest of the order goes on. The only task goes with its order."""
    task = _task(request, pk)
    if task.state == AssignmentState.AGREED and task.order.seats.count() == 1:
        return see_other("orderer:order-cancel", task.order_id)
    form = TaskCancelForm(data_of(request))
    return form_act(
        request,
        partial(cancel, whose=CancelledBy.ORDERER),
        task,
        form=form,
        page=lambda status: show(
            request,
            "orderer/orders/task_cancel.html",
            "orders",
            task=task,
            name=task.expert.code_name,
            form=form,
            status=status,
        ),
        ready=partial(require, task, CANCEL_TASK),
        done=_("The task has been cancelled. The expert is told, and the rest goes on as agreed."),
        to=see_other("orderer:order", task.order_id),
    )


def _home(request: Request, pk: int) -> str:
    return reverse("orderer:order", args=[_task(request, pk).order_id])


@page("orderer", methods=("POST",), home=_home)
def task_done(request: Request, pk: int) -> HttpResponse:
    """Note that a task has been done, and go on to the feedback."""
    task = _task(request, pk)
    return form_act(
        request,
        feedbacks.close_task,
        task,
        to=see_other("orderer:feedback", pk),
        back=see_other("orderer:order", task.order_id),
    )


@page("orderer", methods=("GET", "POST"))
def feedback(request: Request, pk: int) -> HttpResponse:
    """Tell how the task went."""
    task, form = _task(request, pk), FeedbackForm(data_of(request), side=Side.ORDERER)
    return form_act(
        request,
        partial(feedbacks.give, side=Side.ORDERER, via=Via.DESK),
        task,
        form=form,
        page=lambda status: show(
            request,
            "parts/assignments/feedback.html",
            "orders",
            form=form,
            assignment=task,
            base="ui/desk.html",
            status=status,
        ),
        ready=partial(feedbacks.require_awaited, task, side=Side.ORDERER),
        done=_("Thank you for your feedback."),
        to=see_other("orderer:order", task.order_id),
    )


@page("orderer", methods=("GET", "POST"))
def changed(request: Request, pk: int) -> HttpResponse:
    """Tell what changed because of the task."""
    order = get_object_or_404(mine(request), pk=pk)
    asked = WhatChanged.objects.visible_to(request.user).filter(order=order).first()
    form = ChangedForm(data_of(request), about=asked) if asked else None
    return form_act(
        request,
        partial(feedbacks.tell_what_changed, via=Via.DESK),
        order,
        form=form,
        page=lambda status: show(
            request,
            "parts/assignments/changed.html",
            "orders",
            form=form,
            order=order,
            base="ui/desk.html",
            status=status,
        ),
        ready=partial(_require_asked, asked),
        done=_("Thank you. The expert sees your answer."),
        to=see_other("orderer:order", pk),
    )


def _require_asked(asked: WhatChanged | None) -> None:
    if asked is None:
        raise Refused(_("We ask this after the task has been done."))
