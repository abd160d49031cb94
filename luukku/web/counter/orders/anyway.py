"""Asking experts whom one condition keeps from the candidates: they are told apart by it, and decide freely."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.accounts.queries import may_be_called
from luukku.experts.models import Expert
from luukku.matching.queries import label_of, who_would_fit
from luukku.orders.states import OrderState
from luukku.web.counter.frame import tabs
from luukku.web.counter.orders.frame import find_order, moved_on
from luukku.web.counter.orders.offers import ask_chosen
from luukku.web.counter.orders.reading import ProposeForm
from luukku.web.counter.orders.whom import CandidateRow, searched_beside, told_times
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator", methods=("GET", "POST"))
def ask(request: Request, pk: int, condition: str) -> HttpResponse:
    """Show who would fit if ``condition`` did not hold, and ask the chosen ones all the same."""
    order, now = find_order(request, pk), timezone.now()
    if order.state != OrderState.SEARCHING:
        moved_on(request)
        return see_other("counter:order", pk)
    label = label_of(order, condition, at=now)
    if label is None:
        raise Http404
    candidates = {c.expert_id: c for c in who_would_fit(order, condition, at=now)}
    is_one_expert = order.series is not None and order.series.is_one_expert
    beside = searched_beside(order) if is_one_expert else []  # then every date is asked for
    form = ProposeForm(
        data_of(request),
        order=order,
        candidates=list(candidates.values()),
        beside=beside,
        viewer=request.user,
    )
    if request.method == "POST" and form.is_valid():
        return ask_chosen(request, order, form, candidates, beside, at=now)
    seen = Expert.objects.visible_to(request.user).filter(pk__in=candidates)
    may_call = set(seen.filter(may_be_called("user")).values_list("pk", flat=True))
    context = {
        "order": order,
        "label": label,
        "rows": [CandidateRow(c, no_calls=pk not in may_call) for pk, c in candidates.items()],
        "form": form,
        "asked_for": told_times([order, *beside], at=now),
        "beside": len(beside),
        "tabs": tabs(request, "orders"),
    }
    status = status_of(request)
    return render(request, "counter/orders/anyway.html", context, status=status)
