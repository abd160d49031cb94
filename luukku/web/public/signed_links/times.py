"""Answering without signing in whether another time would suit."""

from __future__ import annotations

from functools import partial

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

AGAIN = "again"  # in the address: which answer is to be changed


@page(EVERYONE, methods=("GET", "POST"))
def time_link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a time, give another or keep the old one; answered, the same address is the receipt.

    Until the counter has done something about the answer, the receipt leads back to the form: what is sent then takes
    the place of the answer whose moment stands in the address.
    """
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
    is_open = questions.open().filter(pk=asked.pk).exists()
    may_answer = is_open and may("orders.answer_time", asked.order, person)
    given_at = _moment_of(asked)
    if not may_answer or request.GET.get(AGAIN, "") != given_at:
        return _receipt(request, asked, f"?{AGAIN}={given_at}" if may_answer else "")
    form = TimeAnswerForm(data_of(request), question=asked)
    if given_at:
        form.show_answer()
    context = {"asked": asked, "order": asked.order, "form": form}
    return form_act(
        request,
        partial(actions.answer_time, instead_of=asked.answered_at),
        asked,
        by=person,
        form=form,
        page=lambda status: render(request, "public/orders/time.html", context, status=status),
        to=see_other("public:time-link", token),
    )


def _moment_of(asked: TimeQuestion) -> str:
    """Return what tells the answer that stands from an earlier one; "" before the first."""
    return f"{asked.answered_at.timestamp():.6f}" if asked.answered_at else ""


def _receipt(request: HttpRequest, asked: TimeQuestion, change: str) -> HttpResponse:
    """Show what was answered.

    Args:
        change: where it is changed; "" where it no longer can be.
    """
    context = {
        "asked": asked,
        "change": change,
        "order": asked.order,
        "given": said_times(asked.answer),
        "now": times_told(asked.order),
        "due": promised_on(asked.answered_at) if asked.answered_at else "",
        "is_late": request.method == "POST",
        "goes_on": asked.order.state in OPEN_STATES,
    }
    return render(request, "public/orders/time_receipt.html", context)
