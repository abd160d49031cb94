"""Handing an order on to a colleague."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from luukku.assignments.actions import change_contact
from luukku.core.known import known
from luukku.orders.states import LED_STATES
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show
from luukku.web.orderer.orders import mine
from luukku.web.parts.assignments.forms import ContactForm
from luukku.workflow.actions import require


@page("orderer", methods=("GET", "POST"))
def order_contact(request: Request, pk: int) -> HttpResponse:
    """Let a colleague be the contact person of an open order."""
    order = get_object_or_404(mine(request), pk=pk)
    form = ContactForm(known(order.organisation_id), order.contact_id, data_of(request))
    return form_act(
        request,
        change_contact,
        order,
        form=form,
        page=lambda status: show(
            request,
            "orderer/orders/contact.html",
            "orders",
            order=order,
            form=form,
            has_colleague=form.fields["contact"].queryset.exists(),
            status=status,
        ),
        ready=partial(require, order, LED_STATES),
        done=_("The contact person has changed. Everybody is told."),
        to=see_other("orderer:order", pk),
    )
