"""Ordering without an account: the browser's session keeps the draft until the e-mail is confirmed."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from luukku.orders import actions
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import is_signed_in
from luukku.web.kit.roles import Roles
from luukku.web.parts.orders.begun import begin_at, begun_in, made_from
from luukku.web.parts.orders.forms import FIRST, STEPS
from luukku.web.parts.orders.wizard import Wizard
from luukku.web.parts.taxonomy.choices import kind_asked, kind_in_address

SESSION_KEY = "guest_orders"


@page(EVERYONE, methods=("GET", "POST"))
def start(request: HttpRequest) -> HttpResponse:
    """Tell how ordering goes and begin; who orders for an organisation begins on its desk."""
    if is_signed_in(request) and "orderer" in Roles.of(request).names:
        return SeeOther(f"{reverse('orderer:order-new')}{kind_in_address(request)}")
    kind = kind_asked(request)
    if request.method != "POST":
        kept = Order.objects.filter(pk__in=request.session.get(SESSION_KEY, []), contact=None)
        return render(
            request,
            "public/orders/start.html",
            {
                "drafts": kept.in_state(OrderState.DRAFT).order_by("-pk"),
                "kind": kind,
                "own_way": f"{reverse('public:order-start')}{kind_in_address(request)}",
            },
        )
    return begin_at(request, "public:order-begin")


@page(EVERYONE, methods=("GET", "POST"))
def begin(request: HttpRequest) -> HttpResponse:
    """The first step of an order that is made, and kept by this browser, when the step is saved."""
    begun = begun_in(request)
    if begun is None:
        return see_other("public:order-start")
    made = made_from(begun)
    if made is not None:
        return step(request, made.pk, FIRST)
    blank = Order(task_type=kind_asked(request))
    make = partial(_begin, request, begun)
    return Wizard(request, blank, "public", "ui/public.html", None, [], make).step(FIRST)


def _begin(request: HttpRequest, begun: uuid.UUID, *, at: datetime) -> Order:
    order = actions.start(by=None, at=at, begun=begun)
    keep_draft(request, order.pk)
    return order


def keep_draft(request: HttpRequest, pk: int) -> None:
    """Let this browser go on with the draft: five drafts at most, the newest kept."""
    others = [one for one in request.session.get(SESSION_KEY, []) if one != pk]
    request.session[SESSION_KEY] = [*others, pk][-5:]


def _wizard(request: HttpRequest, pk: int) -> Wizard:
    if pk not in request.session.get(SESSION_KEY, []):
        raise Http404
    request.keeps_typed = True  # the draft is this browser's alone
    order = get_object_or_404(Order.objects.select_related("task_type", "municipality"), pk=pk)
    return Wizard(request, order, "public", "ui/public.html", None, [])


@page(EVERYONE, methods=("GET", "POST"))
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, pk).step(step)


@page(EVERYONE, methods=("GET", "POST"))
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step."""
    return _wizard(request, pk).check()


@page(EVERYONE)
def asked(request: HttpRequest) -> HttpResponse:
    """The link has been sent, or the order waits behind one that was sent before."""
    return render(request, "public/orders/asked.html", {"waits": "waits" in request.GET})
