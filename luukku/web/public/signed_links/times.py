"""Answering without signing in whether another time would suit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luukku.core.links import BadLink, read
from luukku.orders import actions
from luukku.orders.history import said_times
from luukku.orders.models import TimeQuestion
from luukku.orders.queries import promised_on, times_told
from luukku.orders.states import OPEN_STATES
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.parts.orders.forms import TimeAnswerForm
from luukku.web.public.signed_links.common import MAX_AGE, bad_link, person_of
from luukku.workflow.queries import may


@page(EVERYONE, methods=("GET", "POST"))
def time_link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a time, give another or keep the old one; answered, the same address is the receipt."""
    try:
        link = read(token, purpose="time", max_age=MAX_AGE)
    except BadLink as error:
        return bad_link(request, error)
    person = person_of(link)
    if person is None:
        return bad_link(request)
    questions = TimeQuestion.objects.visible_to(person).select_related("order")
    asked = questions.filter(pk=link.object_id).first()
    if asked is None:
        return bad_link(request)
    is_open = questions.waiting_for_orderer().filter(pk=asked.pk).exists()
    if not is_open or not may("orders.answer_time", asked.order, person):
        return _receipt(request, asked)
    form = TimeAnswerForm(data_of(request), question=asked)
    context = {"asked": asked, "order": asked.order, "form": form}
    return form_act(
        request,
        actions.answer_time,
        asked,
        by=person,
        form=form,
        page=lambda status: render(request, "public/orders/time.html", context, status=status),
        to=see_other("public:time-link", token),
    )


def _receipt(request: HttpRequest, asked: TimeQuestion) -> HttpResponse:
    context = {
        "asked": asked,
        "order": asked.order,
        "given": said_times(asked.answer),
        "now": times_told(asked.order),
        "due": promised_on(asked.answered_at) if asked.answered_at else "",
        "is_late": request.method == "POST",
        "goes_on": asked.order.state in OPEN_STATES,
    }
    return render(request, "public/orders/time_receipt.html", context)
