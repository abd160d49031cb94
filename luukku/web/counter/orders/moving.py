"""Where an order goes: accepted, searched for, declined, ended; and its times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.notices import when
from luukku.assignments.queries import answers_until
from luukku.assignments.states import AssignmentState
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.matching.queries import likely_failure, match
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Failure, Order, OrderTime, Payment
from luukku.orders.queries import going_on_beside
from luukku.orders.states import OrderState
from luukku.organisations import actions as organisation_actions
from luukku.organisations.states import OrganisationState
from luukku.web.counter.frame import act_on_order, counter_act, form_page, tabs
from luukku.web.counter.orders.frame import TAKE_BACK, find_order, undoable
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import ContactForm, CounterReasonForm, LinkForm
from luukku.web.parts.orders.forms import WishedTimes
from luukku.web.parts.orders.odd_times import odd_times
from luukku.web.ui.forms import Form


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

    failure = forms.TypedChoiceField(
        label=gettext_lazy("What was in the way?"),
        choices=Failure.choices,
        coerce=Failure,
        widget=forms.RadioSelect,
    )


@page("coordinator", methods=("POST",))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Vet and accept, accept, open the search, or close."""
    found = find_order(request, pk)
    acts = {
        "accept": (_accept(request), _("Accepted. Open the search next.")),
        "search": (
            undoable(found, assignments.open_search),
            _("The search is open. Choose whom to ask."),
        ),
        "reopen": (undoable(found, assignments.search_again), ""),
        "close": (undoable(found, actions.close), ""),
    }
    if move not in acts:
        raise Http404
    act, done = acts[move]
    return counter_act(request, act, found, done=done, to=see_other("counter:order", pk))


def _accept(request: Request) -> Callable[..., Order]:
    """Return the act of accepting; whoever also vets says so of an organisation that is new."""

    def accept(order: Order, *, by: User, at: datetime) -> Order:
        whose = known(order.organisation)
        if whose.state != OrganisationState.VETTED and "vet" in request.POST:
            organisation_actions.vet(whose, by=by, at=at, is_another="another" in request.POST)
        return undoable(order, actions.accept)(order, by=by, at=at)

    return accept


@page("coordinator", methods=("GET", "POST"))
def decline(request: Request, pk: int) -> HttpResponse:
    """Decline with words."""
    found = find_order(request, pk)
    return act_on_order(
        request,
        undoable(found, actions.decline),
        found,
        DeclineForm(data_of(request)),
        title=_("Decline the order"),
        label=_("Decline"),
        done=_("Declined. The orderer is told."),
    )


@page("coordinator", methods=("GET", "POST"))
def times(request: Request, pk: int) -> HttpResponse:
    """Change the wished times, or the agreed one, after a call with everybody."""
    settled = OrderTime.objects.filter(order=pk, is_settled=True)
    is_settled = settled.exists()
    orders = Order.objects.visible_to(request.user)
    if is_settled:
        orders = orders.prefetch_related(Prefetch("times", settled))
    found = get_object_or_404(orders, pk=pk)
    if request.method != "POST" and "version" in request.GET:
        return _ask_time(request, found)
    form = WishedTimes(data_of(request), instance=found)
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
            change = _change_agreed if is_settled else assignments.set_times
            return counter_act(
                request,
                change,
                find_order(request, pk),
                sorted(form.chosen),
                done=_("The times have been changed."),
                to=lambda _changed: _with_odd_times(request, pk),
                back=see_other("counter:order", pk),
            )
    context = {"form": form, "order": find_order(request, pk), "tabs": tabs(request, "orders")}
    return render(
        request,
        "counter/orders/times.html",
        context,
        status=status_of(request),
    )


def _agreed(order: Order) -> list[Assignment]:
    tasks = order.assignments.filter(state=AssignmentState.AGREED).select_related("expert__user")
    return list(tasks.order_by("starts_at", "pk"))


def _ask_time(request: Request, found: Order) -> HttpResponse:
    """Ask before an agreed task moves: whose it is, from when to when, and whom to call first."""
    form, tasks = WishedTimes(request.GET, instance=found), _agreed(found)
    if not tasks or not form.is_valid() or len(form.chosen) != 1:
        return see_other("counter:order-times", found.pk)
    form.hide()
    new = when(*form.chosen[0])
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Move the agreed task to another time?"),
        lead=f"{found.title} · {known(found.organisation).name}",
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


def _change_agreed(
    order: Order, chosen: list[tuple[datetime, datetime]], *, by: User, at: datetime
) -> object:
    starts_at, ends_at = chosen[0]
    change = partial(assignments.change_time, starts_at=starts_at, ends_at=ends_at)
    return undoable(order, change)(order, by=by, at=at)


def _with_odd_times(request: Request, pk: int) -> HttpResponse:
    for line in odd_times(find_order(request, pk), at=timezone.now()):
        messages.warning(request, line)
    return see_other("counter:order", pk)


@page("coordinator", methods=("GET", "POST"))
def link(request: Request, pk: int) -> HttpResponse:
    """Write down the link of a remote task's video meeting for the orderer."""
    found = find_order(request, pk)
    return act_on_order(
        request,
        partial(assignments.change_link, on_behalf_of=found.contact),
        found,
        LinkForm(data_of(request), about=found),
        title=_("Link of the video meeting"),
        label=_("Save"),
        done=_("Saved. Experts who have said yes are told."),
    )


class PaymentForm(Form):
    """What is now known of the payment."""

    payment = forms.TypedChoiceField(
        label=gettext_lazy("Has it been agreed who pays?"),
        choices=Payment.choices,
        coerce=Payment,
        widget=forms.RadioSelect,
    )


@page("coordinator", methods=("GET", "POST"))
def payment(request: Request, pk: int) -> HttpResponse:
    """Write down what is now known of the payment."""
    found = find_order(request, pk)
    return act_on_order(
        request,
        actions.set_payment,
        found,
        PaymentForm(data_of(request), initial={"payment": found.payment}),
        title=_("Payment"),
        label=_("Save"),
        done=_("Saved."),
    )


@page("coordinator", methods=("GET", "POST"))
def contact(request: Request, pk: int) -> HttpResponse:
    """Let a colleague be the contact person of an open order."""
    found = find_order(request, pk)
    form = ContactForm(known(found.organisation_id), found.contact_id, data_of(request))
    title = _("Change the contact person")
    if not form.fields["contact"].queryset.exists():
        words = _("Nobody else orders for this organisation yet. Add a person to it first.")
        to = reverse("counter:organisation", args=[found.organisation_id])
        said = [format_html('{} <a href="{}">{}</a>', words, to, known(found.organisation).name)]
        return form_page(request, found, None, title=title, label="", words=said)
    return act_on_order(
        request,
        assignments.change_contact,
        found,
        form,
        title=title,
        label=_("Change"),
        done=_("The contact person has changed. Everybody is told."),
    )


@page("coordinator", methods=("GET", "POST"))
def give_up(request: Request, pk: int) -> HttpResponse:
    """End the search and count the unmet need."""
    found, now = find_order(request, pk), timezone.now()
    has_looked = found.state == OrderState.SEARCHING
    initial = {"failure": likely_failure(found, at=now) if has_looked else None}
    return act_on_order(
        request,
        undoable(found, assignments.give_up),
        found,
        GiveUpForm(data_of(request), initial=initial),
        title=_("End the search"),
        label=_("Count as unmet need"),
        done=_("The need has been counted. The orderer is told."),
        words=lambda: _still_open(found, at=now) if has_looked else [],
    )


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


class OrderCancelForm(CounterReasonForm):
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
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel an order for the orderer who called, or for a reason of the counter's own."""
    found, form = find_order(request, pk), OrderCancelForm(data_of(request))
    return counter_act(
        request,
        undoable(found, _cancel),
        found,
        form=form,
        page=lambda _status: _ask_cancel(request, found, form),
        done=_("Cancelled. Everybody is told."),
        to=see_other("counter:order", pk),
    )


def _cancel(order: Order, *, whose: str, reason: str, by: User, at: datetime) -> Order:
    behalf = order.contact if whose == CancelledBy.ORDERER else None
    return assignments.cancel_order(
        order, whose=CancelledBy(whose), reason=reason, by=by, at=at, on_behalf_of=behalf
    )


def _ask_cancel(request: Request, found: Order, form: OrderCancelForm) -> HttpResponse:
    agreed = _agreed(found)
    asked = found.offers.proposed().count()
    others = ", ".join(str(one.pk) for one in going_on_beside(found))
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Cancel the order?"),
        lead=f"{found.title} · {known(found.organisation).name}",
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
        back=reverse("counter:order", args=[found.pk]),
        keep=_("Keep the order"),
        form=form,
        people=[found.contact, *(task.expert.user for task in agreed)],
    )
