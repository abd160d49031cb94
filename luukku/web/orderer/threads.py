"""The shared threads of those who train, on a producer's own desk."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from luukku.organisations.models import MemberRole, Organisation
from luukku.training import actions
from luukku.training.models import Thread, ThreadDecision, ThreadMessage
from luukku.training.queries import trains_for
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, roles_here, show
from luukku.web.parts.training import threads as parts

TAB = "runs"
THREADS = parts.listing("orderer")


def _training_for(request: Request) -> Organisation:
    """Return the organisation in whose name one speaks: the desk's own, else the first one that trains."""
    if MemberRole.PRODUCER in roles_here(request):
        return organisation_of(request)
    return trains_for(request.user).order_by("pk")[0]  # the role has opened the page


@page("producer")
def threads(request: Request) -> HttpResponse:
    """Every thread, the newest message first."""
    return show(request, "orderer/training/threads.html", TAB, list=THREADS.read(request))


@page("producer", methods=("GET", "POST"), makes_one=True)
def thread_new(request: Request) -> HttpResponse:
    """Begin a thread about a topic, or go on with the one that there is."""
    form = parts.NewThreadForm(data_of(request), initial={"topic": request.GET.get("topic")})
    return form_act(
        request,
        partial(actions.write, organisation=_training_for(request)),
        form=form,
        page=lambda status: show(
            request, "orderer/training/thread_new.html", TAB, status=status, form=form
        ),
        done=_("Your message is in the thread. The others get a letter of it next morning."),
        to=lambda said: see_other("orderer:thread", said.thread_id),
    )


@page("producer", methods=("GET", "POST"), makes_one=True)
def thread(request: Request, pk: int) -> HttpResponse:
    """One thread whole, and a message of one's own."""
    found = fetch(Thread.objects.select_related("topic"), pk, for_=request.user)
    form = parts.message_form(request, found)
    organisation = _training_for(request)
    return form_act(
        request,
        partial(actions.write, found.topic, organisation=organisation),
        form=form,
        page=lambda status: show(
            request,
            "parts/training/thread_page.html",
            TAB,
            status=status,
            form=form,
            desk="orderer",
            **parts.thread_context(request, found),
        ),
        done=_("Your message is in the thread. The others get a letter of it next morning."),
        to=see_other("orderer:thread", pk),
    )


@page("producer", methods=("GET", "POST"))
def thread_decide(request: Request, pk: int) -> HttpResponse:
    """Write down what has been decided."""
    found = fetch(Thread.objects.select_related("topic"), pk, for_=request.user)
    return parts.decide(
        request,
        found,
        act_by=form_act,
        show=partial(show, request, "parts/training/thread_decide.html", TAB, desk="orderer"),
        organisation=_training_for(request),
        home=see_other("orderer:thread", pk),
    )


@page("producer", methods=("POST",))
def thread_settle(request: Request, pk: int) -> HttpResponse:
    """Say that nothing needs to be decided now."""
    found = fetch(Thread.objects.all(), pk, for_=request.user)
    return parts.settle(request, found, act_by=form_act, home=see_other("orderer:thread", pk))


@page("producer", methods=("POST",))
def message_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take away what one has just written."""
    found = fetch(ThreadMessage.objects.select_related("thread"), pk, for_=request.user)
    home = see_other("orderer:thread", found.thread_id)
    return parts.take_away(request, found, act_by=form_act, home=home)


@page("producer", methods=("POST",))
def decision_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take away the decision that one has just written down."""
    found = fetch(ThreadDecision.objects.select_related("thread"), pk, for_=request.user)
    home = see_other("orderer:thread", found.thread_id)
    return parts.take_away(request, found, act_by=form_act, home=home)
