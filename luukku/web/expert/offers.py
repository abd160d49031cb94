"""Offers to answer and calls to sign up to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.models import Offer, Origin, Via
from luukku.assignments.queries import sign_ups_of, tasks_in_month
from luukku.assignments.states import OfferState
from luukku.experts.states import ExpertState
from luukku.matching.queries import open_calls
from luukku.orders.models import Order
from luukku.web.expert.common import own_expert, tabs
from luukku.web.http import page, see_other
from luukku.web.tasks_forms import AnswerForm
from luukku.workflow.actions import WrongState


@page("expert", methods=("GET", "POST"))
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an offer and answer it."""
    offers = Offer.objects.filter(expert__user=request.user).select_related(
        "order__task_type", "order__municipality", "expert"
    )
    found, now = get_object_or_404(offers, pk=pk), timezone.now()
    is_open = (
        found.state == OfferState.PROPOSED
        and found.origin != Origin.SIGNED_UP
        and found.expires_at > now
    )
    if request.method == "POST" and "decline" in request.POST:
        try:
            actions.decline(found, by=request.user, at=now)
            messages.success(request, _("Thank you for answering. You need not do anything more."))
        except WrongState:
            messages.info(request, _("This offer has already been answered or taken back."))
        return see_other("expert:desk")
    form = AnswerForm(found.order, request.POST if request.method == "POST" else None, at=now)
    if request.method == "POST" and form.is_valid():
        return _accept(request, found, form)
    context = {
        "offer": found,
        "order": found.order,
        "form": form,
        "is_open": is_open,
        "tabs": tabs("desk"),
        "own_tasks": tasks_in_month(found.expert, now),
    }
    return render(
        request, "expert/offer.html", context, status=422 if request.method == "POST" else 200
    )


def _accept(request: HttpRequest, found: Offer, form: AnswerForm) -> HttpResponse:
    try:
        assignment = actions.accept(
            found, by=request.user, at=timezone.now(), via=Via.DESK, time=form.chosen()
        )
    except actions.AlreadyBooked:
        messages.warning(request, _("You have agreed on another task at the same time."))
        return see_other("expert:offer", found.pk)
    except actions.NoSeatLeft:
        messages.info(
            request,
            _("Somebody else was faster and the task has been filled. Thank you for being ready!"),
        )
    except (WrongState, actions.TooLate, actions.TimeNeeded):
        messages.info(
            request, _("This offer has ended: it was answered, taken back or its time passed.")
        )
    else:
        messages.success(request, _("Agreed. Thank you! You find everything about the task here."))
        return see_other("expert:task", assignment.pk)
    return see_other("expert:desk")


@page("expert")
def calls(request: HttpRequest) -> HttpResponse:
    """The open calls that fit the expert."""
    expert = own_expert(request)
    found = open_calls(expert, at=timezone.now()) if expert.state == ExpertState.ACTIVE else []
    orders = (
        Order.objects.select_related("task_type", "municipality")
        .prefetch_related("times")
        .in_bulk([call.order_id for call in found])
    )
    rows = [(orders[call.order_id], call.km) for call in found]
    context = {
        "rows": rows,
        "expert": expert,
        "sign_ups": sign_ups_of(expert),
        "tabs": tabs("calls"),
    }
    return render(request, "expert/calls.html", context)


def _call(request: HttpRequest, pk: int) -> Order:
    """Return an open call, or one that the expert has signed up to."""
    orders = Order.objects.open_calls() | Order.objects.filter(offers__expert__user=request.user)
    return get_object_or_404(orders.distinct().select_related("task_type", "municipality"), pk=pk)


@page("expert")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call in plain words, before signing up."""
    order, expert = _call(request, pk), own_expert(request)
    own = Offer.objects.proposed().filter(order=order, expert=expert).first()
    context = {
        "order": order,
        "own": own,
        "tabs": tabs("calls"),
        "own_tasks": tasks_in_month(expert, timezone.now()),
        "can_sign_up": expert.state == ExpertState.ACTIVE and own is None,
    }
    return render(request, "expert/call.html", context)


@page("expert", methods=("POST",))
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up for a call."""
    order = _call(request, pk)
    try:
        actions.sign_up(order, own_expert(request), by=request.user, at=timezone.now())
        messages.success(
            request,
            _("You have signed up. The counter answers soon; you may change your mind until then."),
        )
    except actions.OfferedAlready:
        messages.info(request, _("This task is with you already."))
    except actions.NotInBank:
        messages.warning(
            request, _("Send your profile to the counter first. Then you can sign up.")
        )
    except WrongState:
        messages.info(request, _("This call has just closed. Thank you for being ready!"))
    return see_other("expert:calls")


@page("expert", methods=("POST",))
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's mind about a sign-up."""
    own = get_object_or_404(Offer, pk=pk, expert__user=request.user, origin=Origin.SIGNED_UP)
    try:
        actions.withdraw(own, by=request.user, at=timezone.now())
        messages.success(request, _("Your sign-up has been taken back."))
    except WrongState:
        messages.info(request, _("The counter has already answered your sign-up."))
    return see_other("expert:calls")
