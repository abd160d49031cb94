"""Asking the counter to change an order that has been sent."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.orders.actions import ask_change
from luukku.orders.queries import promised_on
from luukku.orders.states import OPEN_STATES
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show
from luukku.web.orderer.orders import mine
from luukku.web.parts.assignments.forms import ChangeWishForm
from luukku.workflow.actions import require


@page("orderer", methods=("GET", "POST"), makes_one=True)
def order_change(request: Request, pk: int) -> HttpResponse:
    """Tell in words what should be changed; the counter answers."""
    order = get_object_or_404(mine(request), pk=pk)
    form = ChangeWishForm(data_of(request))
    return form_act(
        request,
        ask_change,
        order,
        form=form,
        page=lambda status: show(
            request,
            "orderer/orders/change.html",
            "orders",
            order=order,
            form=form,
            day=promised_on(timezone.now()),
            status=status,
        ),
        ready=partial(require, order, OPEN_STATES),
        done=lambda asked: (
            _("Your request is with the counter, which answers on %(day)s at the latest.")
            % {"day": promised_on(asked.asked_at)}
        ),
        to=see_other("orderer:order", pk),
    )
