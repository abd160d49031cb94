"""What an orderer asks to be changed, read and answered at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.orders.actions import AnsweredAlready, answer_change
from luukku.orders.models import ChangeRequest
from luukku.orders.queries import promised_by
from luukku.web.counter.frame import say_done, tabs
from luukku.web.counter.orders.frame import find_order
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.parts.assignments.forms import ChangeAnswerForm


@page("coordinator", methods=("GET", "POST"))
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what is asked and tell what was done about it."""
    asked = get_object_or_404(
        ChangeRequest.objects.visible_to(request.user).select_related("asked_by", "order"), pk=pk
    )
    form = ChangeAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            answer_change(asked, form.cleaned_data["answer"], by=request.user, at=now)
            say_done(request, _("Saved. The orderer gets your answer."), at=now)
        except AnsweredAlready:
            messages.info(request, _("Somebody was faster: the request has been answered already."))
        return see_other("counter:order", asked.order_id)
    context = {
        "asked": asked,
        "order": find_order(asked.order_id),
        "due": promised_by(asked.asked_at),
        "form": form,
        "tabs": tabs(request, "orders"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "counter/order_change.html", context, status=status)
