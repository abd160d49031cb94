"""Asking experts and writing down what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.accounts.queries import who_may_be_called
from luukku.assignments import actions as assignments
from luukku.assignments.dates import offers_together
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.notices import when
from luukku.assignments.queries import times_that_suit
from luukku.assignments.states import OfferState
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.matching.queries import Candidate
from luukku.orders.calls import open_beside
from luukku.orders.models import Order, OrderTime
from luukku.orders.states import OrderState
from luukku.web.counter.frame import act_on_order, counter_act, tabs
from luukku.web.counter.orders.frame import find_order, moved_on, undoable
from luukku.web.counter.orders.reading import ProposeForm, order_page
from luukku.web.counter.orders.whom import candidates_for, searched_beside
from luukku.web.counter.picking import EXPERTS
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.answers import is_waiting
from luukku.web.parts.assignments.dates import answer_dates, dates_of
from luukku.web.parts.assignments.facts import facts_for
from luukku.web.parts.assignments.forms import OfferAnswerForm, SignUpForm
from luukku.web.ui.picks import PickField
from luukku.workflow.actions import require

# What concerns one expert only: the others are asked all the same.
ASK_THE_NEXT = (assignments.OfferedAlready, assignments.NotInBank, assignments.AlreadyBooked)


@page("coordinator", methods=("POST",))
def propose(request: Request, pk: int) -> HttpResponse:
    """Offer the order to the chosen candidates; of a series the dates that are searched for, or only this one."""
    order, now = find_order(request, pk), timezone.now()
    beside = searched_beside(order)
    candidates = {}
    if order.state == OrderState.SEARCHING:
        listed = [row.candidate for row in candidates_for(order, beside, at=now)]
        candidates = {c.expert_id: c for c in listed}
    form = ProposeForm(
        request.POST,
        order=order,
        candidates=list(candidates.values()),
        beside=beside,
        viewer=request.user,
    )
    if not candidates:
        moved_on(request)
        return see_other("counter:order", pk)
    if not form.is_valid():
        return order_page(request, order, form=form, status=422)
    return ask_chosen(request, order, form, candidates, beside, at=now)


def ask_chosen(
    request: Request,
    order: Order,
    form: ProposeForm,
    candidates: dict[int, Candidate],
    beside: list[Order],
    *,
    at: datetime,
) -> HttpResponse:
    """Offer the order, or its series, to those chosen on a right ``form``, and say who could not be asked."""
    ask: Callable[..., object] = partial(assignments.propose, order)
    if form.is_of_all:
        ask = partial(assignments.propose_series, known(order.series))
    given = form.arguments()
    experts = Expert.objects.visible_to(request.user).filter(pk__in=given["experts"])
    asked = 0
    with assignments.undoable(order, *beside, by=request.user, at=at):
        for expert in experts.select_related("user").order_by("pk"):
            try:
                ask(
                    expert,
                    by=request.user,
                    at=at,
                    answer_by=given["answer_by"],
                    reasons=candidates[expert.pk].reasons,
                )
                asked += 1
            except Refused as refusal:
                messages.warning(request, refusal.told(at_counter=True))
                if not isinstance(refusal, ASK_THE_NEXT):
                    break
    if asked:
        messages.success(request, _("Asked. You see the answers here as they come."))
    return see_other("counter:order", order.pk)


class ChangedSignUpForm(OfferAnswerForm):
    """The counter's yes to a sign-up for a task that has changed since: the expert is asked first, as if offered."""

    asked = forms.BooleanField(
        label=gettext_lazy("I have asked the expert, and the task suits as it is now"),
        error_messages={
            "required": gettext_lazy(
                "The task has changed since the expert signed up. Call first, read the details on this page to"
                " them, and tick the box when the task still suits."
            )
        },
    )


def _has_changed_since(offer: Offer) -> bool:
    """Return whether the terms are others than those that the expert signed up to."""
    changed_at = offer.order.terms_changed_at
    return (
        offer.origin == Origin.SIGNED_UP and changed_at is not None and changed_at > offer.made_at
    )


@page("coordinator", methods=("GET", "POST"))
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer a sign-up, or write down what an expert said by phone or on paper, facts before one's eyes."""
    offers = Offer.objects.select_related(
        "expert__user",
        "order__task_type",
        "order__municipality",
        "order__organisation",
        "order__unit",
        "order__contact",
    )
    offer, now = fetch(offers, pk, for_=request.user), timezone.now()
    together = offers_together(offer)
    if sum(is_waiting(one, at=now) for one in together) > 1:
        return _answer_together(request, offer, together)
    form_class = ChangedSignUpForm if _has_changed_since(offer) else OfferAnswerForm
    form = form_class(
        times_that_suit(offer, at=now), data_of(request), terms_of=offer.order.terms_changed_at
    )
    is_yes = not {"withdraw", "decline"} & request.POST.keys()
    act, done = (_say_yes, agreed_words) if is_yes else _no(request, offer)
    return counter_act(
        request,
        undoable(offer.order, act),
        offer,
        form=form if is_yes else None,
        page=lambda status: answer_page(request, offer, form, at=now, status=status),
        ready=partial(require, offer, {OfferState.PROPOSED}),
        done=done,
        to=see_other("counter:order", offer.order_id),
    )


def _answer_together(request: Request, first: Offer, offers: list[Offer]) -> HttpResponse:
    """Write down what the expert said of several dates, or take them all back."""
    dates = dates_of(
        offers, *([request.POST] if request.method == "POST" else []), at=timezone.now()
    )
    back = see_other("counter:order", first.order_id)
    around = partial(undoable, first.order, beside=[offer.order for offer in offers])
    if "withdraw" in request.POST:
        return counter_act(
            request,
            around(assignments.withdraw_series),
            first,
            done=_("Taken back: %(name)s.") % {"name": first.expert.code_name},
            to=back,
        )
    context = {
        "dates": dates,
        "rows": [(row, None) for row in dates.answered],
        "offer": first,
        "order": first.order,
        "expert": first.expert,
        "may_call": who_may_be_called([first.expert.user_id]),
        "tabs": tabs(request, "orders"),
    }
    return answer_dates(
        request,
        dates,
        via=Via.COUNTER,
        to=back,
        page=lambda status: render(
            request, "counter/orders/offers_together.html", context, status=status
        ),
        act=counter_act,
        around=around,
        on_behalf_of=first.expert.user,
    )


def _say_yes(offer: Offer, *, time: OrderTime | None, by: User, at: datetime) -> Assignment:
    behalf = None if offer.origin == Origin.SIGNED_UP else offer.expert.user
    return assignments.accept(offer, by=by, at=at, via=Via.COUNTER, time=time, on_behalf_of=behalf)


def _no(request: Request, offer: Offer) -> tuple[Callable[..., Offer], str]:
    """Return the act behind a no, the person who said it, and the reason."""
    is_sign_up = offer.origin == Origin.SIGNED_UP
    name, person = {"name": offer.expert.code_name}, offer.expert.user
    if "withdraw" in request.POST:
        act = partial(assignments.withdraw, on_behalf_of=person if is_sign_up else None)
        return act, _("Taken back: %(name)s.") % name
    act = partial(assignments.decline, on_behalf_of=None if is_sign_up else person)
    return act, _("A no has been written down: %(name)s.") % name


def agreed_words(task: Assignment) -> str:
    """Say what a yes that was just written down agreed on."""
    return _("Agreed: %(name)s, %(when)s. Both are told.") % {
        "name": task.expert.code_name,
        "when": when(task.starts_at, task.ends_at),
    }


def answer_page(
    request: Request,
    offer: Offer,
    form: OfferAnswerForm,
    *,
    at: datetime,
    is_late: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show what a yes is given on and the buttons of the answer; ``is_late``: only a yes after all."""
    is_sign_up = offer.origin == Origin.SIGNED_UP
    context = {
        "offer": offer,
        "order": offer.order,
        "expert": offer.expert,
        "may_call": who_may_be_called([offer.expert.user_id]),
        "facts": facts_for(offer.order, offer.expert, at=at, is_call=is_sign_up),
        "form": form,
        "is_sign_up": is_sign_up,
        "changed_at": offer.order.terms_changed_at if "asked" in form.fields else None,
        "suits": [when(span.lower, span.upper) for span in offer.suits] if not is_late else [],
        "none_suits": not is_late and not times_that_suit(offer, at=at),
        "is_late": is_late,
        "tabs": tabs(request, "orders"),
    }
    return render(request, "counter/orders/offer_answer.html", context, status=status)


class CallerSignUpForm(SignUpForm):
    """Who has called to sign up."""

    expert = PickField(
        EXPERTS,
        label=gettext_lazy("Who called?"),
        help_text=gettext_lazy("Write a name, code name, phone number or e-mail, and choose."),
    )
    field_order = ("expert", "times")

    def __init__(self, orders: Iterable[Order], viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(orders, *args, **kwargs)
        self.fields["expert"].queryset = EXPERTS.rows(viewer)
        if "times" in self.fields:
            self.fields["times"].label = _("Which times suit the expert?")

    def arguments(self) -> dict[str, Any]:
        """Return who signs up, and for which times."""
        return super().arguments() | {"expert": self.cleaned_data["expert"]}


@page("coordinator", methods=("GET", "POST"))
def sign_up(request: Request, pk: int) -> HttpResponse:
    """Sign up an expert who has called about an open call."""
    order = find_order(request, pk)
    now = timezone.now()
    is_series = order.series_id is not None
    dates = open_beside(order, at=now) or [order]
    form = CallerSignUpForm(dates, request.user, data_of(request), at=now, is_series=is_series)
    return act_on_order(
        request,
        assignments.sign_up_dates if is_series else assignments.sign_up,
        order,
        form,
        title=_("Sign up an expert who called"),
        label=_("Sign up"),
        done=_("Signed up. Choose the expert below when you have decided."),
    )
