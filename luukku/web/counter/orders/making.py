"""Orders that the counter makes on behalf of somebody."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.text import key_in
from luukku.orders import actions
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.actions import take_caller
from luukku.organisations.models import Membership
from luukku.web.counter.frame import tabs
from luukku.web.counter.orders.caller import CallerForm, orderers
from luukku.web.counter.orders.frame import find_order
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.orders.begun import begin_at, begun_in, made_from
from luukku.web.parts.orders.forms import FIRST, STEPS
from luukku.web.parts.orders.wizard import Wizard


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Tell who calls and for which organisation; the first question comes next."""
    form = CallerForm(data_of(request), viewer=request.user)
    if request.method == "POST" and form.is_valid():
        member, begun = form.member, {}
        if member is None:
            member = take_caller(**form.data_of_caller, by=request.user, at=timezone.now())
            begun = _begun_for(
                request, member
            )  # who was made for an order is left without one by nobody
        if form.left_out:
            told = {"name": member.user.name, "ways": ", ".join(form.left_out)}
            messages.warning(
                request,
                _(
                    "%(ways)s was not written down: %(name)s is known with other details. Change them on the"
                    " person’s own page."
                )
                % told,
            )
        return begin_at(request, "counter:order-begin", member=member.pk, **begun)
    context = {"form": form, "tabs": tabs(request, "orders")}
    return render(request, "counter/orders/new.html", context, status=status_of(request))


def _begun_for(request: Request, member: Membership) -> dict[str, Any]:
    """Return which draft of the new caller is gone on with: it waits in the queue until it is sent or thrown away."""
    whose: dict[str, Any] = {"organisation": member.organisation, "contact": member.user}
    drafts = Order.objects.visible_to(request.user).in_state(OrderState.DRAFT)
    empty = drafts.filter(made_by=request.user, title="", **whose)
    draft = empty.first() or actions.start(by=request.user, at=timezone.now(), **whose)
    return {"begun": draft.begun}


def _wizard(request: Request, order: Order, begin: partial | None = None) -> Wizard:
    return Wizard(
        request, order, "counter", "ui/desk.html", request.user, tabs(request, "orders"), begin
    )


@page("coordinator", methods=("GET", "POST"))
def begin(request: Request) -> HttpResponse:
    """The first step of an order for a member of an organisation; it is made when the step is saved."""
    begun, member = begun_in(request), key_in(request.GET.get("member", ""))
    if begun is None or member is None:
        return see_other("counter:order-new")
    made = made_from(begun)
    if made is not None:
        return step(request, made.pk, FIRST)
    who = get_object_or_404(orderers(request.user), pk=member)
    behalf: dict[str, Any] = {"organisation": who.organisation, "contact": who.user}
    make = partial(actions.start, by=request.user, begun=begun, **behalf)
    return _wizard(request, Order(**behalf), make).step(FIRST)


@page("coordinator", methods=("GET", "POST"))
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """One step of an order made on behalf of somebody."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, find_order(request, pk)).step(step)


@page("coordinator", methods=("GET", "POST"))
def check(request: Request, pk: int) -> HttpResponse:
    """The last step of an order made on behalf of somebody."""
    return _wizard(request, find_order(request, pk)).check()
