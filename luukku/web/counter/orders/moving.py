"""Where an order goes: accepted, searched for, declined, ended; and its times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.notices import when
from luukku.assignments.queries import answers_until
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.matching.queries import likely_failure, match
from luukku.orders import actions
from luukku.orders.history import spans_in
from luukku.orders.models import Failure, Order
from luukku.orders.queries import others_for, series_of, times_asked
from luukku.orders.states import DECLINE, GIVE_UP, OrderState
from luukku.organisations import actions as organisation_actions
from luukku.organisations.states import OrganisationState
from luukku.web.counter.frame import act_on_order, counter_act, form_page, tabs
from luukku.web.counter.orders.frame import (
    TAKE_BACK,
    agreed_of,
    find_order,
    undoable,
    without_calls,
)
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import ContactForm, LinkForm
from luukku.web.parts.orders.forms import WishedTimes, typed
from luukku.web.parts.orders.odd_times import odd_times
from luukku.web.parts.orders.which import ask_which, by_which, is_of_all, on_series
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
    order = find_order(request, pk)
    is_all = is_of_all(request) and order.series_id is not None
    beside = series_of(order) if is_all else ()
    search = on_series(assignments.open_search_series) if is_all else assignments.open_search
    accept = on_series(actions.accept_series) if is_all else actions.accept
    every = on_series(assignments.accept_and_search_series)
    both = every if is_all else assignments.accept_and_search
    acts = {
        "accept": (_accept(request, accept, beside), _("Accepted. Open the search next.")),
        "accept-search": (
            _accept(request, both, beside),
            _("Accepted, and the search is open. Choose whom to ask."),
        ),
        "search": (
            undoable(order, search, beside=beside),
            _("The search is open. Choose whom to ask."),
        ),
        "reopen": (undoable(order, assignments.search_again), ""),
        "close": (undoable(order, actions.close), ""),
    }
    if move not in acts:
        raise Http404
    act, done = acts[move]
    return counter_act(request, act, order, done=done, to=see_other("counter:order", pk))


def _accept(
    request: Request, act: Callable[..., object], beside: Iterable[Order] = ()
) -> Callable[..., object]:
    """Return ``act``, which accepts; whoever also vets says so of an organisation that is new. All or nothing."""

    def accept(order: Order, *, by: User, at: datetime) -> object:
        whose = known(order.organisation)
        if whose.state == OrganisationState.VETTED or "vet" not in request.POST:
            return undoable(order, act, beside=beside)(order, by=by, at=at)

        def vet_and_accept(order: Order, *, by: User, at: datetime) -> object:
            organisation_actions.vet(whose, by=by, at=at, is_another="another" in request.POST)
            return act(order, by=by, at=at)

        both = undoable(order, vet_and_accept, beside=beside, organisation=whose)
        return both(order, by=by, at=at)

    return accept


@page("coordinator", methods=("GET", "POST"))
def decline(request: Request, pk: int) -> HttpResponse:
    """Decline with words, one order or its whole series."""
    order, form = find_order(request, pk), DeclineForm(data_of(request))
    others = others_for(order, DECLINE)
    ask_which(form, order, others)
    act = by_which(actions.decline, actions.decline_series)
    return act_on_order(
        request,
        undoable(order, act, beside=others if is_of_all(request) else ()),
        order,
        form,
        title=_("Decline the order"),
        label=_("Decline"),
        done=_("Declined. The orderer is told."),
    )


@page("coordinator", methods=("GET", "POST"))
def times(request: Request, pk: int) -> HttpResponse:
    """Change the wished times, or the agreed one, after a call with everybody."""
    order = find_order(request, pk)
    is_settled = any(time.is_settled for time in times_asked(order))
    if request.method != "POST" and "version" in request.GET:
        return _ask_time(request, order)
    form = WishedTimes(data_of(request), instance=order)
    if "answer" in request.GET:
        answered = order.time_questions.waiting_for_counter().defer("words").first()
        form.suggest(typed(spans_in(answered.answer if answered else [])))
    if request.method == "POST" and form.is_valid():
        if is_settled and len(form.chosen) > 1:
            form.add_error(
                None,
                _("An expert has been agreed. Give the one time that everybody has said yes to.")
                if agreed_of(request, order)
                else _(
                    "An expert had agreed on one time. Give one time only: the search is for it."
                ),
            )
        elif set(form.chosen) == _times_now(request, order, is_settled=is_settled):
            messages.info(request, _("The times are as they were: nothing has changed."))
            return see_other("counter:order", pk)
        elif agreed_of(request, order) and "sure" not in request.POST:
            kept = {name: form.data.get(name, "") for name in form.fields} | dict(form.asked)
            return SeeOther(f"{reverse('counter:order-times', args=[pk])}?{urlencode(kept)}")
        else:
            change = _change_agreed if is_settled else undoable(order, assignments.set_times)
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


def _times_now(
    request: Request, order: Order, *, is_settled: bool
) -> set[tuple[datetime, datetime]]:
    """Return the agreed time, or the wished times if nothing is agreed."""
    if tasks := agreed_of(request, order):
        return {(task.starts_at, task.ends_at) for task in tasks}
    return set() if is_settled else {(time.starts_at, time.ends_at) for time in times_asked(order)}


def _ask_time(request: Request, order: Order) -> HttpResponse:
    """Ask before an agreed task moves: whose it is, from when to when, and whom to call first."""
    form, tasks = WishedTimes(request.GET, instance=order), agreed_of(request, order)
    if not tasks or not form.is_valid() or len(form.chosen) != 1:
        return see_other("counter:order-times", order.pk)
    form.hide()
    new = when(*form.chosen[0])
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Move the agreed task to another time?"),
        lead=f"{order.title} · {known(order.organisation).name}",
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
        back=reverse("counter:order", args=[order.pk]),
        keep=_("Keep the agreed time"),
        form=form,
        people=[order.contact, *(task.expert.user for task in tasks)],
        no_calls=without_calls(tasks),
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
    order = find_order(request, pk)
    return act_on_order(
        request,
        partial(assignments.change_link, on_behalf_of=order.contact),
        order,
        LinkForm(data_of(request), about=order),
        title=_("Link of the video meeting"),
        label=_("Save"),
        done=_("Saved. Experts who have said yes are told."),
    )


@page("coordinator", methods=("GET", "POST"))
def contact(request: Request, pk: int) -> HttpResponse:
    """Let a colleague be the contact person of an open order."""
    order = find_order(request, pk)
    form = ContactForm(known(order.organisation_id), order.contact_id, data_of(request))
    title = _("Change the contact person")
    if not form.fields["contact"].queryset.exists():
        words = _("Nobody else orders for %(organisation)s yet. Add a person first:")
        words %= {"organisation": known(order.organisation).name}
        to = reverse("counter:add-member", args=[order.organisation_id])
        then = _("Then come back to the order: the contact person is changed there.")
        link = format_html('{} <a href="{}">{}</a>', words, to, _("Add a person"))
        said = [link, then]
        return form_page(request, order, None, title=title, label="", words=said)
    return act_on_order(
        request,
        assignments.change_contact,
        order,
        form,
        title=title,
        label=_("Change"),
        done=_("The contact person has changed. Everybody is told."),
    )


@page("coordinator", methods=("GET", "POST"))
def give_up(request: Request, pk: int) -> HttpResponse:
    """End the search and count the unmet need."""
    order, now = find_order(request, pk), timezone.now()
    has_looked = order.state == OrderState.SEARCHING
    initial = {"failure": likely_failure(order, at=now) if has_looked else None}
    form, others = GiveUpForm(data_of(request), initial=initial), others_for(order, GIVE_UP)
    ask_which(form, order, others)
    act = by_which(assignments.give_up, assignments.give_up_series)
    return act_on_order(
        request,
        undoable(order, act, beside=others if is_of_all(request) else ()),
        order,
        form,
        title=_("End the search"),
        label=_("Count as unmet need"),
        done=_("The need has been counted. The orderer is told."),
        words=lambda: _still_open(order, at=now) if has_looked else [],
    )


def _still_open(order: Order, *, at: datetime) -> list[str]:
    """Tell whose answer is awaited and who has not been asked, before the search ends without them."""
    asked, until = order.offers.waiting_for_expert().count(), answers_until(order)
    signed_up = order.offers.waiting_for_counter().count()
    unasked = match(order, at=at).found
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
