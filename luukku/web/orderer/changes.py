"""Asking the counter to change an order that has been sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.orders.actions import ask_change
from luukku.orders.queries import promised_on
from luukku.orders.states import OPEN_STATES
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.orderer.frame import show
from luukku.web.orderer.orders import mine, moved_on
from luukku.web.parts.assignments.forms import ChangeWishForm
from luukku.workflow.actions import WrongState


@page("orderer", methods=("GET", "POST"), makes_one=True)
def order_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell in words what should be changed; the counter answers."""
    order, now = get_object_or_404(mine(request), pk=pk), timezone.now()
    form = ChangeWishForm(request.POST if request.method == "POST" else None)
    if order.state not in OPEN_STATES:
        return moved_on(request, order)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_change(order, form.cleaned_data["words"], by=request.user, at=now)
        except WrongState:
            return moved_on(request, order)
        day = {"day": promised_on(asked.asked_at)}
        messages.success(
            request,
            _("Your request is with the counter, which answers on %(day)s at the latest.") % day,
        )
        return see_other("orderer:order", order.pk)
    return show(
        request,
        "orderer/order_change.html",
        "orders",
        order=order,
        form=form,
        day=promised_on(now),
        status=422 if request.method == "POST" else 200,
    )
