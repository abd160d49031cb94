"""The shared threads of those who train at the counter, and what they decided for the steering group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.training import actions
from luukku.training.models import Thread, ThreadDecision, ThreadDecisionQuerySet, ThreadMessage
from luukku.training.queries import said_in_name_of
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training import threads as parts
from luukku.web.ui.filters import Filters

THREADS = parts.listing("counter")


class DecisionFilters(Filters):
    """By what one looks for a decision."""


def _decisions(request: Request) -> ThreadDecisionQuerySet:
    rows = ThreadDecision.objects.visible_to(request.user).in_force()
    return rows.select_related("thread__topic", "organisation")


DECISIONS = Listing(
    name="decisions",
    tab="decisions",
    title=gettext_lazy("What those who train have decided"),
    rows=_decisions,
    filters=DecisionFilters,
    columns=(
        Column("topic", gettext_lazy("Topic"), lambda row: row.thread.title,
               order=in_finnish("thread__topic__name_fi"), names_row=True),
        Column("words", gettext_lazy("Decision"), lambda row: row.words),
        Column("on", gettext_lazy("Decided on"), lambda row: row.decided_on, order="decided_on"),
        Column("whose", gettext_lazy("Who wrote it down"), said_in_name_of),
    ),
    order="-on",
    url=lambda row: reverse("counter:decision", args=[row.pk]),
)  # fmt: skip


@page("coordinator", "steering")
def decisions(request: Request) -> HttpResponse:
    """The decisions in force, the newest first."""
    return show_list(
        request,
        DECISIONS,
        back=(reverse("counter:home"), _("Figures")),
        lead=_("What the producers of trainings and the counter have agreed on together, topic by topic."),
        empty=_("Nothing has been decided yet."),
    )  # fmt: skip


@page("coordinator", "steering")
def decision(request: Request, pk: int) -> HttpResponse:
    """One decision, and what had been decided about the same before."""
    rows = ThreadDecision.objects.select_related("thread__topic", "organisation")
    found = fetch(rows, pk, for_=request.user)
    if found.gone_at is not None:
        return see_other("counter:decisions")
    same = rows.visible_to(request.user).standing().filter(thread=found.thread_id)
    context = {
        "thread": found.thread,
        "decisions": [(one, said_in_name_of(one)) for one in same.order_by("-number")],
        "tabs": tabs(request, "decisions"),
    }
    return render(request, "counter/training/decision.html", context)


@page("coordinator")
def threads(request: Request) -> HttpResponse:
    """Every thread, the newest message first."""
    return show_list(
        request,
        THREADS,
        back=(reverse("counter:programmes"), _("Programmes of training")),
        lead=_("What the producers and the counter talk about, topic by topic, and what they decided."),
        empty=_("No threads here."),
        acts=[
            (reverse("counter:thread-new"), _("Write about a topic")),
            (reverse("counter:decisions"), _("What those who train have decided")),
        ],
    )  # fmt: skip


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def thread_new(request: Request) -> HttpResponse:
    """Begin a thread about a topic, or go on with the one that there is."""
    asked = {"topic": request.GET.get("topic")}
    form = parts.NewThreadForm(data_of(request), initial=asked, tellers=parts.tellers())
    context = {"form": form, "tabs": tabs(request, "runs")}
    return counter_act(
        request,
        actions.write,
        form=form,
        page=lambda status: render(
            request, "counter/training/thread_new.html", context, status=status
        ),
        done=_("The message is in the thread. Those who train get a letter of it next morning."),
        to=lambda said: see_other("counter:thread", said.thread_id),
    )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def thread(request: Request, pk: int) -> HttpResponse:
    """One thread whole, and a message of the counter or of who calls."""
    found = fetch(Thread.objects.select_related("topic"), pk, for_=request.user)
    form = parts.message_form(request, found, tellers=parts.tellers())
    return counter_act(
        request,
        partial(actions.write, found.topic),
        form=form,
        page=lambda status: render(
            request,
            "parts/training/thread_page.html",
            {"form": form, "desk": "counter", "tabs": tabs(request, "runs")}
            | parts.thread_context(request, found),
            status=status,
        ),
        done=_("The message is in the thread. Those who train get a letter of it next morning."),
        to=see_other("counter:thread", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def thread_decide(request: Request, pk: int) -> HttpResponse:
    """Write down what has been decided."""
    found = fetch(Thread.objects.select_related("topic"), pk, for_=request.user)

    def show(*, status: int, **context: object) -> HttpResponse:
        context |= {"desk": "counter", "tabs": tabs(request, "runs")}
        return render(request, "parts/training/thread_decide.html", context, status=status)

    return parts.decide(
        request,
        found,
        act_by=counter_act,
        show=show,
        organisation=None,
        home=see_other("counter:thread", pk),
    )


@page("coordinator", methods=("POST",))
def thread_settle(request: Request, pk: int) -> HttpResponse:
    """Say that nothing needs to be decided now."""
    found = fetch(Thread.objects.all(), pk, for_=request.user)
    return parts.settle(request, found, act_by=counter_act, home=see_other("counter:thread", pk))


@page("coordinator", methods=("POST",))
def message_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take away what one has just written."""
    found = fetch(ThreadMessage.objects.select_related("thread"), pk, for_=request.user)
    home = see_other("counter:thread", found.thread_id)
    return parts.take_away(request, found, act_by=counter_act, home=home)


@page("coordinator", methods=("POST",))
def decision_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take away the decision that one has just written down."""
    found = fetch(ThreadDecision.objects.select_related("thread"), pk, for_=request.user)
    home = see_other("counter:thread", found.thread_id)
    return parts.take_away(request, found, act_by=counter_act, home=home)


@page("coordinator", methods=("GET", "POST"))
def message_remove(request: Request, pk: int) -> HttpResponse:
    """Take away a message that does not belong in the thread, with a reason."""
    return _remove(
        request,
        fetch(ThreadMessage.objects.select_related("thread__topic"), pk, for_=request.user),
        actions.remove_message,
        title=_("Remove the message?"),
        follows=[
            _("Its words are gone for good. The thread says that the counter removed it, and why."),
            _("Who wrote it is not written to: call them."),
        ],
        label=_("Remove the message"),
        done=_("The message has been removed."),
    )


@page("coordinator", methods=("GET", "POST"))
def decision_remove(request: Request, pk: int) -> HttpResponse:
    """Take away a decision that is none, or says what it must not, with a reason."""
    return _remove(
        request,
        fetch(ThreadDecision.objects.select_related("thread__topic"), pk, for_=request.user),
        actions.remove_decision,
        title=_("Remove the decision?"),
        follows=[
            _(
                "Its words are gone for good. Those who train read that the counter removed it, and why."
            ),
            _(
                "Those who train are told. The decision before it, if there is one, is in force again."
            ),
        ],
        label=_("Remove the decision"),
        done=_("The decision has been removed. Those who train are told."),
    )


def _remove(
    request: Request,
    said: ThreadMessage | ThreadDecision,
    act: Callable[..., object],
    *,
    done: str,
    **asked: Any,
) -> HttpResponse:
    form, home = parts.ReasonForm(data_of(request)), see_other("counter:thread", said.thread_id)
    if said.gone_at is not None and request.method != "POST":
        return home
    return counter_act(
        request,
        act,
        said,
        form=form,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            lead=said.thread.title,
            back=home.url,
            keep=_("Back to the thread"),
            form=form,
            **asked,
        ),
        done=done,
        to=home,
    )
