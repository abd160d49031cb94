"""Where an order goes: accepted, searched for, declined, ended; and its times."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.notices import when
from luukku.assignments.queries import answers_until
from luukku.assignments.states import AssignmentState
from luukku.core.times import helsinki
from luukku.matching.queries import likely_failure, match
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Failure, Order, OrderTime, Payment
from luukku.orders.queries import going_on_beside
from luukku.orders.states import OrderState
from luukku.organisations import actions as organisation_actions
from luukku.organisations.states import OrganisationState
from luukku.web.counter.frame import form_page, say_done, tabs
from luukku.web.counter.orders.frame import TAKE_BACK, find_order, moved_on
from luukku.web.counter.same import SAY_FIRST
from luukku.web.kit.access import page
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.parts.assignments.forms import ContactForm, CounterReasonForm, LinkForm
from luukku.web.parts.orders.forms import Times
from luukku.web.parts.orders.odd_times import odd_times
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState


class DeclineForm(Form):
    """The counter's words to the orderer."""

    reason = forms.CharField(
        label=gettext_lazy("Words to the orderer"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Say what was in the way and what they can do."),
    )


class GiveUpForm(Form):
    """Why no expert was found."""

    failure = forms.ChoiceField(
        label=gettext_lazy("What was in the way?"),
        choices=Failure.choices,
        widget=forms.RadioSelect,
    )


@page("coordinator", methods=("POST",))
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Vet and accept, accept, open the search, or close."""
    found, now = find_order(pk), timezone.now()
    acts = {
        "accept": actions.accept,
        "search": assignments.open_search,
        "reopen": assignments.search_again,
        "close": actions.close,
    }
    if move not in acts:
        raise Http404
    is_new = found.organisation.state != OrganisationState.VETTED
    try:
        if move == "accept" and is_new and "vet" in request.POST:
            organisation_actions.vet(
                found.organisation, by=request.user, at=now, is_another="another" in request.POST
            )
        with assignments.undoable(found, by=request.user, at=now):
            acts[move](found, by=request.user, at=now)
        if move == "accept":
            say_done(request, _("Accepted. Open the search next."), at=now)
        elif move == "search":
            messages.success(request, _("The search is open. Choose whom to ask."))
    except actions.NotVetted:
        messages.warning(request, _("Check the organisation first."))
    except organisation_actions.MayBeSame:
        messages.warning(request, SAY_FIRST)
    except WrongState:
        moved_on(request)
    return see_other("counter:order", pk)


@page("coordinator", methods=("GET", "POST"))
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline with words."""
    found = find_order(pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            with assignments.undoable(found, by=request.user, at=now):
                actions.decline(found, reason=form.cleaned_data["reason"], by=request.user, at=now)
            say_done(request, _("Declined. The orderer is told."), at=now)
        except WrongState:
            moved_on(request)
        return see_other("counter:order", pk)
    return form_page(request, found, form, title=_("Decline the order"), label=_("Decline"))


@page("coordinator", methods=("GET", "POST"))
def times(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the wished times, or the agreed one, after a call with everybody."""
    settled = OrderTime.objects.filter(order=pk, is_settled=True)
    is_settled = settled.exists()
    orders = (
        Order.objects.prefetch_related(Prefetch("times", settled)) if is_settled else Order.objects
    )
    found = get_object_or_404(orders, pk=pk)
    if request.method != "POST" and "version" in request.GET:
        return _ask_time(request, found)
    form = Times(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        if is_settled and len(form.chosen) > 1:
            form.add_error(
                None,
                _("An expert has been agreed. Give the one time that everybody has said yes to.")
                if _agreed(found)
                else _(
                    "An expert had agreed on one time. Give one time only: the search is for it."
                ),
            )
        elif _agreed(found) and "sure" not in request.POST:
            kept = {name: form.data.get(name, "") for name in form.fields} | dict(form.asked)
            return SeeOther(f"{reverse('counter:order-times', args=[pk])}?{urlencode(kept)}")
        else:
            _change_times(request, find_order(pk), sorted(form.chosen), is_settled=is_settled)
            return see_other("counter:order", pk)
    context = {"form": form, "order": find_order(pk), "tabs": tabs(request, "orders")}
    return render(
        request,
        "counter/order_times.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _agreed(order: Order) -> list[Assignment]:
    tasks = order.assignments.filter(state=AssignmentState.AGREED).select_related("expert__user")
    return list(tasks.order_by("starts_at", "pk"))


def _ask_time(request: HttpRequest, found: Order) -> HttpResponse:
    """Ask before an agreed task moves: whose it is, from when to when, and whom to call first."""
    form, tasks = Times(request.GET, instance=found), _agreed(found)
    if not tasks or not form.is_valid() or len(form.chosen) != 1:
        return see_other("counter:order-times", found.pk)
    form.hide()
    new = when(*form.chosen[0])
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Move the agreed task to another time?"),
        lead=f"{found.title} · {found.organisation.name}",
        follows=[
            *[
                _("%(name)s has agreed on this time: %(old)s. The new time is: %(new)s.")
                % {
                    "name": task.expert.user.name,
                    "old": when(task.starts_at, task.ends_at),
                    "new": new,
                }
                for task in tasks
            ],
            *form.odd(),
            _("Agree on the new time by phone first: it binds the expert and the orderer at once."),
            _("Both get a letter of it, and their calendars and reminders follow."),
            TAKE_BACK,
        ],
        label=_("Move the task"),
        back=reverse("counter:order", args=[found.pk]),
        keep=_("Keep the agreed time"),
        form=form,
        people=[found.contact, *(task.expert.user for task in tasks)],
        is_end=False,
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
            with assignments.undoable(found, by=request.user, at=now):
                assignments.change_time(
                    found, starts_at=starts_at, ends_at=ends_at, by=request.user, at=now
                )
        else:
            assignments.set_times(found, chosen, by=request.user, at=now)
        say_done(request, _("The times have been changed."), at=now)
        for line in odd_times(find_order(found.pk), at=now):
            messages.warning(request, line)
    except assignments.AlreadyBooked:
        messages.warning(request, _("The expert has agreed on another task at the same time."))
    except assignments.TooLate:
        messages.warning(
            request, _("The task has begun already. Its time can no longer be changed.")
        )
    except WrongState:
        moved_on(request)


@page("coordinator", methods=("GET", "POST"))
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the link of a remote task's video meeting for the orderer."""
    found = find_order(pk)
    form = LinkForm(request.POST if request.method == "POST" else None, about=found)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            assignments.change_link(
                found,
                form.cleaned_data["meeting_url"],
                by=request.user,
                at=now,
                on_behalf_of=found.contact,
            )
            say_done(request, _("Saved. Experts who have said yes are told."), at=now)
        except WrongState:
            moved_on(request)
        return see_other("counter:order", pk)
    title = _("Link of the video meeting")
    return form_page(request, found, form, title=title, label=_("Save"))


class PaymentForm(Form):
    """What is now known of the payment."""

    payment = forms.ChoiceField(
        label=gettext_lazy("Has it been agreed who pays?"),
        choices=Payment.choices,
        widget=forms.RadioSelect,
    )


@page("coordinator", methods=("GET", "POST"))
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what is now known of the payment."""
    found = find_order(pk)
    form = PaymentForm(
        request.POST if request.method == "POST" else None, initial={"payment": found.payment}
    )
    if request.method == "POST" and form.is_valid():
        try:
            chosen = Payment(form.cleaned_data["payment"])
            actions.set_payment(found, chosen, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
        except WrongState:
            moved_on(request)
        return see_other("counter:order", pk)
    return form_page(request, found, form, title=_("Payment"), label=_("Save"))


@page("coordinator", methods=("GET", "POST"))
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague be the contact person of an open order."""
    found = find_order(pk)
    form = ContactForm(
        found.organisation_id, found.contact_id, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            person = form.cleaned_data["contact"]
            assignments.change_contact(found, person, by=request.user, at=now)
            say_done(request, _("The contact person has changed. Everybody is told."), at=now)
        except (WrongState, actions.NotAnOrderer):
            moved_on(request)
        return see_other("counter:order", pk)
    title = _("Change the contact person")
    if not form.fields["contact"].queryset.exists():
        words = _("Nobody else orders for this organisation yet. Add a person to it first.")
        to = reverse("counter:organisation", args=[found.organisation_id])
        words = [format_html('{} <a href="{}">{}</a>', words, to, found.organisation.name)]
        return form_page(request, found, None, title=title, label="", words=words)
    return form_page(request, found, form, title=title, label=_("Change"))


@page("coordinator", methods=("GET", "POST"))
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """End the search and count the unmet need."""
    found, now = find_order(pk), timezone.now()
    has_looked = found.state == OrderState.SEARCHING
    initial = {"failure": likely_failure(found, at=now) if has_looked else None}
    form = GiveUpForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with assignments.undoable(found, by=request.user, at=now):
                assignments.give_up(
                    found, failure=Failure(form.cleaned_data["failure"]), by=request.user, at=now
                )
            say_done(request, _("The need has been counted. The orderer is told."), at=now)
        except WrongState:
            moved_on(request)
        return see_other("counter:order", pk)
    words = _still_open(found, at=now) if has_looked else []
    title, label = _("End the search"), _("Count as unmet need")
    return form_page(request, found, form, title=title, label=label, words=words)


def _still_open(found: Order, *, at: datetime) -> list[str]:
    """Tell whose answer is awaited and who has not been asked, before the search ends without them."""
    asked, until = found.offers.waiting_for_expert().count(), answers_until(found)
    signed_up = found.offers.waiting_for_counter().count()
    unasked = match(found, at=at).found
    lines = []
    if until is not None:
        line = ngettext(
            "%(n)s expert has not answered yet; there is time until %(day)s. If you end the search,"
            " the question is taken back.",
            "%(n)s experts have not answered yet; there is time until %(day)s. If you end the search,"
            " the questions are taken back.",
            asked,
        )
        lines.append(line % {"n": asked, "day": day_of(helsinki(until).date())})
    if signed_up:
        line = ngettext(
            "%(n)s expert has signed up and waits for your answer.",
            "%(n)s experts have signed up and wait for your answer.",
            signed_up,
        )
        lines.append(line % {"n": signed_up})
    if unasked:
        line = ngettext(
            "%(n)s expert fits and has not been asked yet. Ask on the order’s page first.",
            "%(n)s experts fit and have not been asked yet. Ask on the order’s page first.",
            unasked,
        )
        lines.append(line % {"n": unasked})
    return lines


class CancelForm(CounterReasonForm):
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
    found = find_order(pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        whose, now = CancelledBy(form.cleaned_data["whose"]), timezone.now()
        try:
            with assignments.undoable(found, by=request.user, at=now):
                assignments.cancel_order(
                    found,
                    whose=whose,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=now,
                    on_behalf_of=found.contact if whose == CancelledBy.ORDERER else None,
                )
            say_done(request, _("Cancelled. Everybody is told."), at=now)
        except WrongState:
            moved_on(request)
        return see_other("counter:order", pk)
    agreed = _agreed(found)
    asked = found.offers.proposed().count()
    others = ", ".join(str(one.pk) for one in going_on_beside(found))
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Cancel the order?"),
        lead=f"{found.title} · {found.organisation.name}",
        follows=[
            *[
                _("%(name)s no longer comes: %(when)s.")
                % {"name": task.expert.user.name, "when": when(task.starts_at, task.ends_at)}
                for task in agreed
            ],
            ngettext(
                "%(n)s offer that waits for an answer is taken back.",
                "%(n)s offers that wait for an answer are taken back.",
                asked,
            )
            % {"n": asked}
            if asked
            else "",
            _("Everybody is told by a letter. The order cannot be opened again; it can be copied."),
            _("Of the orders made together these stay in force: %(numbers)s.") % {"numbers": others}
            if others
            else "",
            TAKE_BACK,
        ],
        label=_("Cancel the order"),
        back=reverse("counter:order", args=[pk]),
        keep=_("Keep the order"),
        form=form,
        people=[found.contact, *(task.expert.user for task in agreed)],
    )
