"""What a sent order asks for, changed at the counter once it has been agreed on the phone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.refused import Refused
from luukku.orders import actions
from luukku.orders.models import Order, Payment
from luukku.orders.queries import others_for
from luukku.orders.states import OPEN_STATES, SET_PAYMENT
from luukku.web.counter.frame import act_on_order, counter_act, tabs
from luukku.web.counter.orders.frame import find_order, undoable
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.orders.forms import Details
from luukku.web.parts.orders.which import ask_which, by_which
from luukku.web.ui.forms import Form
from luukku.workflow.actions import require


@page("coordinator", methods=("GET", "POST"))
def details(request: Request, pk: int) -> HttpResponse:
    """Change place, fee, people and texts of an order under way; who has said yes is named, with the phone."""
    found = find_order(request, pk)
    agreed = found.assignments.filter(state=AssignmentState.AGREED).select_related("expert__user")
    tasks = list(agreed.order_by("pk"))
    form = Details(data_of(request), instance=found, is_agreed=bool(tasks))
    return counter_act(
        request,
        undoable(found, assignments.change_details),
        found,
        form=form,
        page=lambda status: _page(request, found, form, tasks, status=status),
        ready=partial(require, found, OPEN_STATES),
        done=_("Saved. Those whom it concerns are told by a letter."),
        to=see_other("counter:order", pk),
        back=_after_refusal(pk),
    )


def _after_refusal(pk: int) -> Callable[[Refused], HttpResponse]:
    """Return what leads back to the form, as it is now that somebody has said yes; else to the order."""

    def back(refusal: Refused) -> HttpResponse:
        is_here = isinstance(refusal, assignments.YesToOthers)
        return see_other("counter:order-details" if is_here else "counter:order", pk)

    return back


def _page(
    request: Request, found: Order, form: Details, tasks: list[Assignment], *, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "order": find_order(request, found.pk),
        "people": [task.expert.user for task in tasks],
        "asked": found.offers.proposed().count(),
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
    found = find_order(request, pk)
    form = PaymentForm(data_of(request), initial={"payment": found.payment})
    ask_which(form, found, others_for(found, SET_PAYMENT))
    return act_on_order(
        request,
        by_which(actions.set_payment, actions.set_payment_series),
        found,
        form,
        title=_("Payment"),
        label=_("Save"),
        done=_("Saved."),
    )
