"""Open calls to sign up to; the dates of a series are one call, on one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.dates import by_series, call_dates
from luukku.assignments.models import Assignment, Offer, Origin
from luukku.assignments.notices import when
from luukku.assignments.queries import calls_of, calls_taken_back, sign_ups_of
from luukku.assignments.states import LIVE_STATES, OfferState
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.queries import missing_parts, why_not_offered
from luukku.experts.states import ExpertState
from luukku.matching.calls import calls_together
from luukku.orders.models import Order
from luukku.orders.queries import times_told
from luukku.web.expert.frame import own_expert, show
from luukku.web.kit.access import home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.answers import outcome_of, say_of
from luukku.web.parts.assignments.facts import TaskFacts, facts_for, times_for
from luukku.web.parts.assignments.forms import SignUpForm


@page("expert")
def calls(request: Request) -> HttpResponse:
    """The open calls that fit the expert; of a series those dates that fit."""
    expert, now = own_expert(request), timezone.now()
    is_active = expert.state == ExpertState.ACTIVE
    by_call = calls_together(expert, at=now) if is_active else []
    orders = (
        Order.objects.open_calls(now)
        .select_related("task_type", "municipality")
        .prefetch_related("times")
        .in_bulk([call.order_id for dates in by_call for call in dates])
    )
    return show(
        request,
        "expert/assignments/calls.html",
        "calls",
        rows=[([orders[call.order_id] for call in dates], dates[0].km) for dates in by_call],
        expert=expert,
        why=why_not_offered(expert, missing_parts(expert), on=helsinki(now).date()),
        sign_ups=by_series(sign_ups_of(expert)),
        taken_back=calls_taken_back(expert, at=now).one_a_series() if is_active else [],
    )


@dataclass(frozen=True)
class CallDate:
    """One date of a call as its expert sees it.

    Attributes:
        last: the expert's last offer or sign-up of it.
        waits: the last one is a sign-up that the counter has not answered.
        can_sign_up: it is open, and nothing of it waits for an answer.
    """

    order: Order
    last: Offer | None
    task: Assignment | None
    waits: bool
    can_sign_up: bool
    state: str

    @property
    def words(self) -> str:
        """When it is, or of a sign-up when the expert can."""
        if self.waits and self.last is not None and self.last.suits:
            return "; ".join(when(span.lower, span.upper) for span in self.last.suits)
        return times_told(self.order)

    @property
    def is_offered(self) -> bool:
        """Whether the counter has offered it and the expert has not answered."""
        return self.last is not None and self.last.state == OfferState.PROPOSED and not self.waits


def _rows(order: Order, expert: Expert, *, at: datetime) -> list[CallDate]:
    dates = call_dates(order, expert, at=at)
    offers = expert.offers.filter(order__in=dates).select_related("assignment", "order")
    last = {offer.order_id: offer for offer in offers.order_by("pk")}
    is_open = set(Order.objects.open_calls(at).filter(pk__in=[one.pk for one in dates]))
    return [_row(one, last.get(one.pk), is_open=one in is_open, at=at) for one in dates]


def _row(order: Order, last: Offer | None, *, is_open: bool, at: datetime) -> CallDate:
    if last is None:
        return CallDate(order, None, None, waits=False, can_sign_up=is_open, state="")
    task = getattr(last, "assignment", None)
    is_asked = last.state == OfferState.PROPOSED
    is_live = task is not None and task.state in LIVE_STATES
    return CallDate(
        order,
        last,
        task if is_live else None,
        waits=is_asked and last.origin == Origin.SIGNED_UP,
        can_sign_up=is_open and not is_asked and not is_live,
        state=say_of(last, at=at),
    )


@page("expert")
def call(request: Request, pk: int) -> HttpResponse:
    """One call in plain words, before signing up; of a series every date."""
    expert, now = own_expert(request), timezone.now()
    order = get_object_or_404(calls_of(expert, at=now), pk=pk)
    rows = _rows(order, expert, at=now)
    return _call_page(request, order, expert, rows, _form(rows, at=now))


def _form(rows: list[CallDate], *data: Any, at: datetime) -> SignUpForm:
    dates = [row.order for row in rows if row.can_sign_up]
    return SignUpForm(dates, *data, at=at, is_series=rows[0].order.series_id is not None)


def _call_page(
    request: Request,
    order: Order,
    expert: Expert,
    rows: list[CallDate],
    form: SignUpForm,
    *,
    status: int = 200,
) -> HttpResponse:
    now, is_one = timezone.now(), len(rows) == 1
    own = next((row.last for row in rows if is_one and not row.can_sign_up), None)
    asked = own if own is not None and own.state == OfferState.PROPOSED else None
    facts = facts_for(order, expert, at=now, is_call=True)
    return show(
        request,
        "expert/assignments/call.html",
        "calls",
        order=order,
        own=asked,
        rows=[] if is_one else [row for row in rows if not row.can_sign_up],
        expert=expert,
        facts=facts if is_one else _facts_of(facts, rows, expert, at=now),
        can_sign_up=bool(form.choices),
        outcome=outcome_of(own, at=now) if own is not None and asked is None else None,
        form=form,
        suits=[when(span.lower, span.upper) for span in asked.suits] if asked else [],
        status=status,
    )


def _facts_of(facts: TaskFacts, rows: list[CallDate], expert: Expert, *, at: datetime) -> TaskFacts:
    """Return ``facts`` with the times of every date that one may still sign up to."""
    times = [
        time for row in rows if row.can_sign_up for time in times_for(row.order, expert, at=at)
    ]
    return replace(facts, times=times or facts.times)


@page("expert", methods=("POST",), home=home_at("expert:call", "pk"))
def sign_up(request: Request, pk: int) -> HttpResponse:
    """Sign up for a call, for the times that suit; of a series for some of its dates."""
    expert, now = own_expert(request), timezone.now()
    order = get_object_or_404(calls_of(expert, at=now), pk=pk)
    rows = _rows(order, expert, at=now)
    form = _form(rows, request.POST, at=now)
    is_told = form.is_valid()
    if not is_told and form.choices:
        return _call_page(request, order, expert, rows, form, status=422)
    is_series = order.series_id is not None and bool(form.choices)
    return form_act(
        request,
        partial(
            actions.sign_up_dates if is_series else actions.sign_up,
            **form.arguments() if is_told else {},
        ),
        order,
        expert,
        done=_(
            "You have signed up. The counter answers soon; you may change your mind until then."
        ),
        to=see_other("expert:calls"),
        back=lambda refusal: _not_signed_up(request, order, expert, refusal),
    )


def _not_signed_up(
    request: Request, order: Order, expert: Expert, refusal: Refused
) -> HttpResponse:
    """Lead to where the expert sees why: the task or offer, the own profile, or the times of now."""
    if isinstance(refusal, actions.OfferedAlready):
        return _with_them_already(request, order, expert)
    if isinstance(refusal, actions.NotInBank):
        return see_other("expert:profile")
    if isinstance(refusal, actions.TimeNeeded):
        return see_other("expert:call", order.pk)
    return see_other("expert:calls")


def _with_them_already(request: Request, order: Order, expert: Expert) -> HttpResponse:
    """Say how the task is with the expert already: agreed, offered, or only signed up to."""
    task = expert.assignments.live().filter(order=order).first()
    if task is not None:
        messages.info(request, _("You have agreed on this task already."))
        return see_other("expert:task", task.pk)
    own = expert.offers.proposed().filter(order=order).first()
    if own is not None and own.origin != Origin.SIGNED_UP:
        messages.info(request, _("This task has been offered to you. Answer the offer here."))
        return see_other("expert:offer", own.pk)
    messages.info(
        request,
        _(
            "You have signed up for this already. The counter answers soon; you may change your mind until then."
        ),
    )
    return see_other("expert:calls")


@page("expert", methods=("POST",), home=home_at("expert:calls"))
def take_back(request: Request, pk: int) -> HttpResponse:
    """Change one's mind about a sign-up."""
    own = get_object_or_404(
        Offer.objects.visible_to(request.user),
        pk=pk,
        expert__user=request.user,
        origin=Origin.SIGNED_UP,
    )
    return form_act(
        request,
        actions.withdraw,
        own,
        done=_("Your sign-up has been taken back."),
        to=see_other("expert:calls"),
    )
