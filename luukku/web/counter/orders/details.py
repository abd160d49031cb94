"""What a sent order asks for, changed at the counter once it has been agreed on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.queries import who_may_be_called
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.core.refused import Refused
from luukku.matching.fit import unfit
from luukku.orders import actions
from luukku.orders.models import Order, Payment
from luukku.orders.queries import going_on_beside, others_for, times_told
from luukku.orders.states import OPEN_STATES, SET_PAYMENT
from luukku.web.counter.frame import act_on_order, counter_act, tabs
from luukku.web.counter.orders.frame import agreed_of, find_order, undoable
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.orders.forms import Details
from luukku.web.parts.orders.which import ask_which, by_which
from luukku.web.ui.forms import Form
from luukku.workflow.actions import require


class FitsWorse(Refused):
    """The changed task fits somebody who has said yes worse, and the page has not said so yet; nothing has changed."""

    words = gettext_lazy(
        "Changed in this way the task fits worse, as is told at the top of the page. Save again if the expert has"
        " agreed to it all the same."
    )
    field = "called"


@page("coordinator", methods=("GET", "POST"))
def details(request: Request, pk: int) -> HttpResponse:
    """Change what an order under way asks for; who has said yes is named, with the phone, and what breaks is shown."""
    current = find_order(request, pk)
    tasks = agreed_of(request, current)
    form, breaks = Details(data_of(request), instance=current, tasks=tasks), []
    change = undoable(current, assignments.change_details)

    def change_or_warn(order: Order, **changes: Any) -> object:
        if tasks:
            breaks.extend(_breaks(request, order.pk, tasks, changes))
        with transaction.atomic():
            changed = change(order, **changes)
            if breaks and request.POST.get("read") != mark_of(breaks):
                raise FitsWorse
        return changed

    return counter_act(
        request,
        change_or_warn,
        current,
        form=form,
        page=lambda status: _page(request, pk, form, tasks, breaks, status=status),
        ready=partial(require, current, OPEN_STATES),
        done=_("Saved. Those whom it concerns are told by a letter."),
        to=see_other("counter:order", pk),
    )


@dataclass(frozen=True)
class Broken:
    """An expert who has said yes and whom the changed order would fit worse, and how."""

    name: str
    why: list[str]


def mark_of(breaks: list[Broken]) -> str:
    """Return what stands for just these ``breaks``: a page that has told them sends it back."""
    told = repr([(one.name, *map(str, one.why)) for one in breaks])
    return sha256(told.encode()).hexdigest()[:16]


def _breaks(
    request: Request, pk: int, tasks: list[Assignment], changes: dict[str, Any]
) -> list[Broken]:
    """Return whom the order would fit worse than it does after ``changes``; nothing is changed."""
    experts, at = [task.expert for task in tasks], changes["at"]
    order = find_order(request, pk)
    before = unfit(order, experts, at=at)
    with transaction.atomic():
        every = {task.pk for task in tasks}
        assignments.change_details(order, **changes | {"called": every})
        after = unfit(find_order(request, pk), experts, at=at)
        transaction.set_rollback(True)
    return [
        Broken(one.user.name, why)
        for one in experts
        if (why := [words for words in after[one.pk] if words not in before[one.pk]])
    ]


def _page(
    request: Request,
    pk: int,
    form: Details,
    tasks: list[Assignment],
    breaks: list[Broken],
    *,
    status: int,
) -> HttpResponse:
    order = find_order(request, pk)
    context = {
        "form": form,
        "order": order,
        "people": (people := [task.expert.user for task in tasks]),
        "may_call": who_may_be_called(one.pk for one in people),
        "asked": order.offers.proposed().count(),
        "breaks": breaks,
        "read": mark_of(breaks) if breaks else "",
        "beside": [(one.pk, times_told(one)) for one in going_on_beside(order)],
        "tabs": tabs(request, "orders"),
    }
    return render(request, "counter/orders/details.html", context, status=status)


class PaymentForm(Form):
    """What is now known of the payment."""

    payment = forms.TypedChoiceField(
        label=gettext_lazy("Has it been agreed who pays?"),
        choices=Payment.choices,
        coerce=Payment,
        widget=forms.RadioSelect,
    )


@page("coordinator", methods=("GET", "POST"))
def payment(request: Request, pk: int) -> HttpResponse:
    """Write down what is now known of the payment."""
    order = find_order(request, pk)
    form = PaymentForm(data_of(request), initial={"payment": order.payment})
    ask_which(form, order, others_for(order, SET_PAYMENT))
    return act_on_order(
        request,
        by_which(actions.set_payment, actions.set_payment_series),
        order,
        form,
        title=_("Payment"),
        label=_("Save"),
        done=_("Saved."),
    )
