"""What an orderer asks to be changed, read and answered at the counter."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from luukku.orders.actions import answer_change
from luukku.orders.models import ChangeRequest
from luukku.orders.queries import promised_by
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.frame import find_order
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import ChangeAnswerForm


@page("coordinator", methods=("GET", "POST"))
def change(request: Request, pk: int) -> HttpResponse:
    """Read what is asked and tell what was done about it."""
    asked = get_object_or_404(
        ChangeRequest.objects.visible_to(request.user).select_related("asked_by", "order"), pk=pk
    )
    form = ChangeAnswerForm(data_of(request))
    return counter_act(
        request,
        answer_change,
        asked,
        form=form,
        page=lambda status: render(
            request,
            "counter/orders/change.html",
            {
                "asked": asked,
                "order": find_order(request, asked.order_id),
                "due": promised_by(asked.asked_at),
                "form": form,
                "tabs": tabs(request, "orders"),
            },
            status=status,
        ),
        done=_("Saved. The orderer gets your answer."),
        to=see_other("counter:order", asked.order_id),
    )
