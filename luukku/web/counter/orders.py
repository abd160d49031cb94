"""Orders at the counter: read, accept, search, propose, answer, end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.queries import free_seats, times_to_choose
from luukku.assignments.states import AssignmentState
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Side, WhatChanged
from luukku.feedback.queries import sides_to_tell
from luukku.matching.queries import (
    for_matching,
    likely_failure,
    match,
    what_would_help,
)
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Failure, Order, OrderTime
from luukku.orders.queries import timeline
from luukku.orders.states import CANCEL, OrderState
from luukku.organisations import actions as organisation_actions
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.states import OrganisationState
from luukku.web.counter.common import form_page, searched, tabs
from luukku.web.http import page, see_other
from luukku.web.order_forms import STEPS, Times
from luukku.web.tasks_forms import ReasonForm
from luukku.web.ui.forms import DateInput, Form
from luukku.web.wizard import Wizard
from luukku.workflow.actions import WrongState

ANSWER_DAYS = 5


def _order(pk: int) -> Order:
    """Return an order; a guest's draft is nobody else's before it has been confirmed."""
    orders = for_matching().select_related("municipality", "organisation", "contact", "unit")
    return get_object_or_404(orders.exclude(organisation=None), pk=pk)


def _moved_on(request: HttpRequest) -> None:
    messages.warning(request, _("Somebody was faster: the order has already moved on."))


@page("coordinator")
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, by state or by words of the title or the organisation."""
    rows = Order.objects.exclude(organisation=None).select_related(
        "task_type", "organisation", "municipality"
    )
    state, words = request.GET.get("state", ""), searched(request)
    if state in OrderState.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(
            organisation__name__icontains=words
        )
    found = Paginator(rows.order_by("-pk"), 30).get_page(request.GET.get("page"))
    context = {
        "orders": found,
        "tabs": tabs(request, "orders"),
        "states": OrderState.choices,
        "state": state,
        "words": words,
    }
    return render(request, "counter/orders.html", context)


class OnBehalfForm(Form):
    """For whom the counter makes an order."""

    contact = forms.ModelChoiceField(
        label=gettext_lazy("Who orders"),
        queryset=None,
        help_text=gettext_lazy(
            "People who order for an organisation. Add a person and an organisation first if needed."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = (
            Membership.objects.filter(role=MemberRole.ORDERER)
            .exclude(organisation__state=OrganisationState.ENDED)
            .select_related("user", "organisation")
            .order_by("organisation__name", "user__name")
        )
        self.fields["contact"].label_from_instance = lambda m: (
            f"{m.organisation.name}: {m.user.name}"
        )


@page("coordinator", methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Make an order for somebody who calls or writes on paper."""
    form = OnBehalfForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["contact"]
        order = actions.start(
            by=request.user,
            at=timezone.now(),
            organisation=member.organisation,
            contact=member.user,
        )
        return see_other("counter:order-step", order.pk, "what")
    context = {"form": form, "tabs": tabs(request, "orders")}
    return render(
        request, "counter/order_new.html", context, status=422 if request.method == "POST" else 200
    )


def _wizard(request: HttpRequest, pk: int) -> Wizard:
    return Wizard(
        request, _order(pk), "counter", "ui/desk.html", request.user, tabs(request, "orders")
    )


@page("coordinator", methods=("GET", "POST"))
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of an order made on behalf of somebody."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, pk).step(step)


@page("coordinator", methods=("GET", "POST"))
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step of an order made on behalf of somebody."""
    return _wizard(request, pk).check()


class ProposeForm(Form):
    """Whom to ask and by when they answer."""

    experts = forms.MultipleChoiceField(
        label=gettext_lazy("Experts"),
        error_messages={"required": gettext_lazy("Choose at least one expert.")},
    )
    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=DateInput)

    def __init__(self, *args: object, candidates: list, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["experts"].choices = [(c.expert_id, c.code_name) for c in candidates]
        self.fields["answer_by"].initial = helsinki(timezone.now()).date() + timedelta(
            days=ANSWER_DAYS
        )

    def clean_answer_by(self) -> object:
        """There must be time to answer."""
        day = self.cleaned_data["answer_by"]
        if day <= helsinki(timezone.now()).date():
            raise ValidationError(_("Give at least until tomorrow."))
        return day


class GiveUpForm(Form):
    """Why no expert was found."""

    failure = forms.ChoiceField(
        label=gettext_lazy("What was in the way?"),
        choices=Failure.choices,
        widget=forms.RadioSelect,
    )


class DeclineForm(Form):
    """The counter's words to the orderer."""

    reason = forms.CharField(
        label=gettext_lazy("Words to the orderer"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Say what was in the way and what they can do."),
    )


@page("coordinator")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: everything about it, what to do next, who fits."""
    found = _order(pk)
    if found.state == OrderState.DRAFT:
        return see_other("counter:order-step", pk, "what")
    return _page(request, found)


def _page(
    request: HttpRequest, found: Order, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    is_searching = found.state == OrderState.SEARCHING
    context = {
        "order": found,
        "tabs": tabs(request, "orders"),
        "timeline": timeline(found),
        "state": found.state,
        "needs_vetting": found.organisation.state != OrganisationState.VETTED,
        "may_decline": found.state in {OrderState.SENT, OrderState.ACCEPTED},
        "may_cancel": found.state in CANCEL.sources,
        "has_time": bool(times_to_choose(found, at=now)),
        "may_set_times": found.state
        in {OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING, OrderState.STAFFED},
        "offers": found.offers.select_related("expert__user").order_by("-pk"),
        "tasks": _task_rows(found, at=now),
        "changed": WhatChanged.objects.filter(order=found).first(),
    }
    if is_searching:
        result = match(found, at=now)
        context |= {
            "result": result,
            "help": what_would_help(found, result, at=now),
            "free": free_seats(found).count(),
            "form": form or ProposeForm(candidates=result.candidates),
        }
    return render(request, "counter/order.html", context, status=status)


@dataclass(frozen=True)
class TaskRow:
    """One task of the order and what can be written down about it."""

    task: Assignment
    may_finish: bool
    to_tell: list[Side]

    @property
    def is_done(self) -> bool:
        """Whether the task has been done."""
        return self.task.state == AssignmentState.DONE


def _task_rows(found: Order, *, at: datetime) -> list[TaskRow]:
    to_tell = sides_to_tell(found)
    return [
        TaskRow(
            task,
            may_finish=task.state == AssignmentState.AGREED and task.starts_at <= at,
            to_tell=to_tell.get(task.pk, []),
        )
        for task in found.assignments.select_related("expert__user").order_by("pk")
    ]


@page("coordinator", methods=("POST",))
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Vet and accept, accept, open the search, or close."""
    found, now = _order(pk), timezone.now()
    try:
        if move == "accept":
            if found.organisation.state != OrganisationState.VETTED and "vet" in request.POST:
                organisation_actions.vet(found.organisation, by=request.user, at=now)
            actions.accept(found, by=request.user, at=now)
            messages.success(request, _("Accepted. Open the search next."))
        elif move == "search":
            assignments.open_search(found, by=request.user, at=now)
            messages.success(request, _("The search is open. Choose whom to ask."))
        elif move == "reopen":
            assignments.search_again(found, by=request.user, at=now)
        elif move == "close":
            actions.close(found, by=request.user, at=now)
        else:
            raise Http404
    except actions.NotVetted:
        messages.warning(request, _("Check the organisation first."))
    except WrongState:
        _moved_on(request)
    return see_other("counter:order", pk)


@page("coordinator", methods=("GET", "POST"))
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline with words."""
    found = _order(pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline(
                found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
            messages.success(request, _("Declined. The orderer has been told."))
        except WrongState:
            _moved_on(request)
        return see_other("counter:order", pk)
    return form_page(request, found, form, title=_("Decline the order"), label=_("Decline"))


@page("coordinator", methods=("POST",))
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the order to the chosen candidates."""
    found, now = _order(pk), timezone.now()
    candidates = (
        {c.expert_id: c for c in match(found, at=now).candidates}
        if found.state == OrderState.SEARCHING
        else {}
    )
    form = ProposeForm(request.POST, candidates=list(candidates.values()))
    if not candidates:
        _moved_on(request)
        return see_other("counter:order", pk)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    day = form.cleaned_data["answer_by"]
    answer_by = helsinki(now).replace(
        year=day.year, month=day.month, day=day.day, hour=23, minute=59
    )
    asked = 0
    for expert in (
        Expert.objects.filter(pk__in=form.cleaned_data["experts"])
        .select_related("user")
        .order_by("pk")
    ):
        try:
            assignments.propose(
                found,
                expert,
                by=request.user,
                at=now,
                answer_by=answer_by,
                reasons=candidates[expert.pk].reasons,
            )
            asked += 1
        except (assignments.OfferedAlready, assignments.NotInBank):
            messages.info(
                request,
                _("%(name)s has been asked already or is not available.")
                % {"name": expert.code_name},
            )
        except WrongState:
            _moved_on(request)
            break
    if asked:
        messages.success(request, _("Asked. You see the answers here as they come."))
    return see_other("counter:order", pk)


@page("coordinator", methods=("GET", "POST"))
def times(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the wished times, or the agreed one, after a call with everybody."""
    settled = OrderTime.objects.filter(order=pk, is_settled=True)
    is_settled = settled.exists()
    orders = (
        Order.objects.prefetch_related(Prefetch("times", settled)) if is_settled else Order.objects
    )
    found = get_object_or_404(orders, pk=pk)
    form = Times(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        if is_settled and len(form.chosen) > 1:
            form.add_error(
                None,
                _("An expert has been agreed. Give the one time that everybody has said yes to."),
            )
        else:
            _change_times(request, _order(pk), sorted(form.chosen), is_settled=is_settled)
            return see_other("counter:order", pk)
    context = {"form": form, "order": _order(pk), "tabs": tabs(request, "orders")}
    return render(
        request,
        "counter/order_times.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _change_times(
    request: HttpRequest,
    found: Order,
    chosen: list[tuple[datetime, datetime]],
    *,
    is_settled: bool,
) -> None:
    now = timezone.now()
    try:
        if is_settled:
            starts_at, ends_at = chosen[0]
            assignments.change_time(
                found, starts_at=starts_at, ends_at=ends_at, by=request.user, at=now
            )
        else:
            actions.set_times(found, chosen, by=request.user, at=now)
        messages.success(request, _("The times have been changed."))
    except assignments.AlreadyBooked:
        messages.warning(request, _("The expert has agreed on another task at the same time."))
    except assignments.TooLate:
        messages.warning(
            request, _("The task has begun already. Its time can no longer be changed.")
        )
    except WrongState:
        _moved_on(request)


@page("coordinator", methods=("GET", "POST"))
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """End the search and count the unmet need."""
    found, now = _order(pk), timezone.now()
    initial = {"failure": likely_failure(found, at=now)}
    form = GiveUpForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            assignments.give_up(
                found, failure=Failure(form.cleaned_data["failure"]), by=request.user, at=now
            )
            messages.success(request, _("The need has been counted and the orderer told."))
        except WrongState:
            _moved_on(request)
        return see_other("counter:order", pk)
    return form_page(
        request, found, form, title=_("End the search"), label=_("Count as unmet need")
    )


class CancelForm(ReasonForm):
    """Who cancels, and why."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Who cancels?"),
        choices=[
            (CancelledBy.ORDERER.value, gettext_lazy("The orderer, who told us")),
            (CancelledBy.COUNTER.value, gettext_lazy("We at the counter")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("whose", "reason")


@page("coordinator", methods=("GET", "POST"))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an order for the orderer who called, or for a reason of the counter's own."""
    found = _order(pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        whose = CancelledBy(form.cleaned_data["whose"])
        try:
            assignments.cancel_order(
                found,
                whose=whose,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
                on_behalf_of=found.contact if whose == CancelledBy.ORDERER else None,
            )
            messages.success(request, _("Cancelled. Everybody has been told."))
        except WrongState:
            _moved_on(request)
        return see_other("counter:order", pk)
    return form_page(request, found, form, title=_("Cancel the order"), label=_("Cancel the order"))


@page("coordinator", methods=("POST",))
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a sign-up, or write down what an expert said by phone or on paper."""
    found = get_object_or_404(Offer.objects.select_related("expert__user", "order"), pk=pk)
    now = timezone.now()
    is_sign_up = found.origin == Origin.SIGNED_UP
    behalf: User | None = None if is_sign_up else found.expert.user
    choices = {str(time.pk): time for time in times_to_choose(found.order, at=now)}
    time = choices.get(request.POST.get("time", ""))
    try:
        if "withdraw" in request.POST:
            assignments.withdraw(
                found,
                by=request.user,
                at=now,
                on_behalf_of=found.expert.user if is_sign_up else None,
            )
        elif "decline" in request.POST:
            assignments.decline(found, by=request.user, at=now, on_behalf_of=behalf)
        else:
            assignments.accept(
                found, by=request.user, at=now, via=Via.COUNTER, time=time, on_behalf_of=behalf
            )
            messages.success(request, _("Agreed. Both have been told."))
    except assignments.AlreadyBooked:
        messages.warning(request, _("The expert has agreed on another task at the same time."))
    except assignments.TimeNeeded:
        messages.warning(request, _("Choose which of the times was agreed."))
    except assignments.NoSeatLeft:
        messages.info(request, _("Every seat has an expert already."))
    except assignments.TooLate:
        messages.info(request, _("The time to answer, or the task’s time, has passed."))
    except WrongState:
        messages.info(request, _("The offer has already been answered or taken back."))
    return see_other("counter:order", found.order_id)


@page("coordinator", methods=("POST",))
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a task as done."""
    task = get_object_or_404(Assignment, pk=pk)
    try:
        feedback_actions.close_task(task, by=request.user, at=timezone.now())
        messages.success(request, _("Done. Both sides are asked how it went."))
    except WrongState:
        messages.info(
            request, _("The task has not begun yet, or it has been marked as done already.")
        )
    return see_other("counter:order", task.order_id)


@page("coordinator", methods=("GET", "POST"))
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel one expert's task, for the expert who called."""
    task = get_object_or_404(Assignment.objects.select_related("order", "expert__user"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assignments.cancel(
                task,
                whose=CancelledBy.EXPERT,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
                on_behalf_of=task.expert.user,
            )
            messages.success(request, _("Cancelled. Everybody has been told."))
        except WrongState:
            messages.info(request, _("The task has already ended or been cancelled."))
        return see_other("counter:order", task.order_id)
    return form_page(
        request, task.order, form, title=_("The expert cancels"), label=_("Cancel the task")
    )
