"""Offers to answer."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments.dates import offers_together
from luukku.assignments.models import Offer, Origin, Via
from luukku.assignments.queries import (
    offers_to_answer,
    times_to_choose,
    unanswered,
)
from luukku.assignments.states import OfferState
from luukku.web.expert.frame import own_expert, show
from luukku.web.kit.access import home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.answers import outcome_of, require_waiting, say_no, say_yes
from luukku.web.parts.assignments.dates import Dates, answer_dates, dates_of
from luukku.web.parts.assignments.facts import facts_for
from luukku.web.parts.assignments.forms import OfferAnswerForm

A_PAGE = 20


@page("expert")
def offers(request: Request) -> HttpResponse:
    """Offers that wait for an answer, and what became of earlier ones."""
    expert, now = own_expert(request), timezone.now()
    waiting = offers_to_answer(expert, at=now)
    earlier = (
        Offer.objects.visible_to(request.user)
        .filter(expert=expert)
        .exclude(origin=Origin.SIGNED_UP)
        .exclude(pk__in=unanswered(expert, at=now).values("pk"))
        .select_related("order__task_type", "order__municipality", "assignment")
        .prefetch_related("order__times")
        .order_by("-made_at", "-pk")
    )
    shown = paged(request, earlier, A_PAGE)
    return show(
        request,
        "expert/assignments/offers.html",
        "offers",
        expert=expert,
        waiting=waiting,
        earlier=shown,
    )


def _offer(request: Request, pk: int) -> Offer:
    offers = Offer.objects.visible_to(request.user).select_related(
        "order__task_type",
        "order__municipality",
        "order__organisation",
        "order__unit",
        "expert__user",
    )
    own_words = Q(origin=Origin.SIGNED_UP) & ~Q(state=OfferState.ACCEPTED)
    return get_object_or_404(offers.exclude(own_words), pk=pk, expert__user=request.user)


@page("expert")
def offer(request: Request, pk: int) -> HttpResponse:
    """Read an offer before answering it; the dates of a series together, each by itself with ``one``."""
    offer = _offer(request, pk)
    dates = offers_together(offer)
    if len(dates) > 1 and "one" not in request.GET:
        return _dates_page(request, dates_of(dates, at=timezone.now()))
    return _offer_page(request, offer, _form(offer))


def _dates_page(request: Request, dates: Dates, *, status: int = 200) -> HttpResponse:
    return show(
        request,
        "expert/assignments/together.html",
        "offers",
        dates=dates,
        rows=[(row, None) for row in dates.answered],
        is_open=dates.facts.opens_identity,
        status=status,
    )


@page("expert", methods=("POST",), home=home_at("expert:offer", "pk"))
def answer_together(request: Request, pk: int) -> HttpResponse:
    """Answer the dates of a series that are offered together."""
    offers = offers_together(_offer(request, pk))
    dates = dates_of(offers, request.POST, at=timezone.now())
    here = see_other("expert:offer", pk)
    return answer_dates(
        request,
        dates,
        via=Via.DESK,
        to=here,
        page=lambda status: _dates_page(request, dates, status=status) if dates.waiting else here,
    )


def _form(offer: Offer, *data: Any) -> OfferAnswerForm:
    order = offer.order
    times = times_to_choose(order, at=timezone.now())
    return OfferAnswerForm(times, *data, terms_of=order.terms_changed_at)


def _offer_page(
    request: Request, offer: Offer, form: OfferAnswerForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    facts = facts_for(offer.order, offer.expert, at=now)
    outcome = outcome_of(offer, at=now, has_button=True)
    task = outcome.task if outcome else None
    return show(
        request,
        "expert/assignments/offer.html",
        "offers",
        offer=offer,
        order=offer.order,
        form=form,
        facts=facts,
        outcome=outcome,
        open_until=outcome.open_until if outcome else None,
        is_open=facts.opens_identity,
        calendar_url=reverse("expert:task-calendar", args=[task.pk]) if task else "",
        cancel_url=reverse("expert:task-cancel", args=[task.pk]) if task else "",
        status=status,
    )


@page("expert", methods=("GET", "POST"))
def accept(request: Request, pk: int) -> HttpResponse:
    """Say yes to an offer, or after all to one that has ended; opened by itself it leads to the offer."""
    offer = _offer(request, pk)
    here = see_other("expert:offer", pk)
    if request.method != "POST":
        return here
    form, is_after_all = _form(offer, request.POST), "after_all" in request.POST
    return form_act(
        request,
        partial(say_yes, via=Via.DESK, is_after_all=is_after_all),
        offer,
        form=form,
        page=lambda status: _offer_page(request, offer, form, status=status),
        ready=None if is_after_all else partial(require_waiting, offer, at=timezone.now()),
        done=_("Agreed. Thank you! You find everything about the task here."),
        to=lambda task: see_other("expert:task", task.pk),
        back=here,
    )


@page("expert", methods=("POST",))
def decline(request: Request, pk: int) -> HttpResponse:
    """Say no to an offer; nobody asks why."""
    return form_act(request, say_no, _offer(request, pk), to=see_other("expert:offer", pk))
