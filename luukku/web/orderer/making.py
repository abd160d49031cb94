"""An order being made on the organisation's desk: its beginning and its steps."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from luukku.orders import actions
from luukku.orders.models import Order
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import ordering_for, show, tabs
from luukku.web.orderer.orders import mine
from luukku.web.parts.orders.begun import begin_at, begun_in, made_from
from luukku.web.parts.orders.forms import FIRST, STEPS
from luukku.web.parts.orders.wizard import Wizard
from luukku.web.parts.taxonomy.choices import kind_asked


@page("orderer", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Go to the first question, or choose an earlier order to copy."""
    here = ordering_for(request)
    if request.method == "POST":
        return begin_at(request, "orderer:order-begin")
    earlier = mine(request).filter(organisation=here).exclude(sent_at=None).order_by("-pk")[:5]
    return show(
        request,
        "orderer/orders/new.html",
        "orders",
        organisation=here,
        earlier=earlier,
        kind=kind_asked(request),
    )


def _wizard(request: Request, order: Order, begin: partial | None = None) -> Wizard:
    return Wizard(
        request, order, "orderer", "ui/desk.html", request.user, tabs(request, "orders"), begin
    )


@page("orderer", methods=("GET", "POST"))
def begin(request: Request) -> HttpResponse:
    """The first step of an order, which is made when the step is saved."""
    begun = begun_in(request)
    if begun is None:
        return see_other("orderer:order-new")
    made = made_from(begun)
    if made is not None:
        return step(request, made.pk, FIRST)
    here = ordering_for(request)
    blank = Order(organisation=here, task_type=kind_asked(request))
    make = partial(actions.start, by=request.user, organisation=here, begun=begun)
    return _wizard(request, blank, make).step(FIRST)


@page("orderer", methods=("GET", "POST"))
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """One step of the form; saved whenever one goes on."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, get_object_or_404(mine(request), pk=pk)).step(step)


@page("orderer", methods=("GET", "POST"))
def check(request: Request, pk: int) -> HttpResponse:
    """The whole order before it is sent."""
    return _wizard(request, get_object_or_404(mine(request), pk=pk)).check()
