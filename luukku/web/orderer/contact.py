"""Handing an order on to a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments.actions import change_contact
from luukku.orders.actions import NotAnOrderer
from luukku.orders.states import LED_STATES
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.orderer.frame import show
from luukku.web.orderer.orders import mine, moved_on
from luukku.web.parts.assignments.forms import ContactForm
from luukku.workflow.actions import WrongState


@page("orderer", methods=("GET", "POST"))
def order_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague be the contact person of an open order."""
    order = get_object_or_404(mine(request), pk=pk)
    form = ContactForm(
        order.organisation_id, order.contact_id, request.POST if request.method == "POST" else None
    )
    if order.state not in LED_STATES:
        return moved_on(request, order)
    if request.method == "POST" and form.is_valid():
        try:
            contact = form.cleaned_data["contact"]
            change_contact(order, contact, by=request.user, at=timezone.now())
        except (WrongState, NotAnOrderer):
            return moved_on(request, order)
        messages.success(request, _("The contact person has changed. Everybody is told."))
        return see_other("orderer:order", order.pk)
    return show(
        request,
        "orderer/order_contact.html",
        "orders",
        order=order,
        form=form,
        has_colleague=form.fields["contact"].queryset.exists(),
        status=422 if request.method == "POST" else 200,
    )
