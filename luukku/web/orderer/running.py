"""A training at its producer's own desk: begun, opened, changed, called off, and who was there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.core.times import whens
from luukku.events import actions as events
from luukku.events.models import Event, Session
from luukku.events.queries import spans
from luukku.events.states import CANCEL, CHECK_IN, EDIT, EventState
from luukku.training.models import Programme, Run
from luukku.training.queries import trains_for
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show, tabs
from luukku.web.parts.events.attendance import mark, paper_of
from luukku.web.parts.training.forms import CallOffForm
from luukku.web.parts.training.run_form import RunForm, begin, change
from luukku.workflow.actions import require
from luukku.workflow.queries import may


def _held(request: Request, pk: int) -> Run:
    rows = Run.objects.held_by(request.user).select_related("event__organiser", "programme")
    return fetch(rows, pk, for_=request.user)


def _told(run: Run) -> int:
    """Return how many hear what changes: who has a place, and who waits for an answer.

    Those who would come as their second choice hear it as well, but the producer knows nothing of them.
    """
    return run.event.sign_ups.live().count() + run.applications.to_answer().count()


@page("producer", methods=("GET", "POST"), makes_one=True)
def run_new(request: Request, pk: int) -> HttpResponse:
    """Begin a training of a programme that has been agreed on."""
    programme = fetch(Programme.objects.all(), pk, for_=request.user)
    if not may("training.begin_run", programme, request.user):
        return see_other("orderer:programme", pk)
    organisers = trains_for(request.user).filter(programmes=programme)
    form = RunForm(
        data_of(request),
        organisers=organisers,
        initial={"organiser": organisers.first(), "responsible": request.user.pk},
    )
    return form_act(
        request,
        begin,
        programme,
        form=form,
        page=lambda status: show(
            request,
            "orderer/training/run_form.html",
            "runs",
            status=status,
            form=form,
            programme=programme,
            run=None,
        ),
        done=_("The training is a draft now. Open it for applications when all is right."),
        to=lambda made: see_other("orderer:run", made.pk),
        back=see_other("orderer:programme", pk),
    )


@page("producer", methods=("GET", "POST"))
def run_change(request: Request, pk: int) -> HttpResponse:
    """Write anew when, where and for how many a training is held."""
    run = _held(request, pk)
    form = RunForm(data_of(request), organisers=trains_for(request.user), run=run)
    return form_act(
        request,
        change,
        run,
        form=form,
        ready=lambda: require(run.event, EDIT),
        page=lambda status: show(
            request,
            "orderer/training/run_form.html",
            "runs",
            status=status,
            form=form,
            programme=run.programme,
            run=run,
            told=_told(run) if run.event.state != EventState.DRAFT else 0,
        ),
        done=_("Saved. If the times or the place changed, everybody whom it concerns is told."),
        to=see_other("orderer:run", pk),
    )


@page("producer", methods=("POST",))
def run_open(request: Request, pk: int) -> HttpResponse:
    """Let people apply."""
    run = _held(request, pk)
    to = see_other("orderer:run", pk)
    return form_act(request, events.publish, run.event, done=_("People can apply now."), to=to)


@page("producer", methods=("GET", "POST"))
def run_call_off(request: Request, pk: int) -> HttpResponse:
    """Call a training off with a reason that everybody is told."""
    run, to = _held(request, pk), see_other("orderer:run", pk)
    event, form = run.event, CallOffForm(data_of(request))
    number = _told(run)
    told = ngettext(
        "%(number)s person who has applied or has a place is told, with the reason.",
        "%(number)s people who have applied or have a place are told, with the reason.",
        number,
    ) % {"number": number}
    return form_act(
        request,
        events.cancel,
        event,
        form=form,
        ready=lambda: require(event, CANCEL),
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Call the training off?"),
            lead=f"{run.title}, {whens(spans(event))}",
            follows=[told if number else "", _("There is no way back: a new one is begun instead.")],
            label=_("Call the training off"),
            back=to.url,
            keep=_("Do not call it off"),
            form=form,
        ),
        done=_("The training has been called off."),
        to=to,
    )  # fmt: skip


@page("producer", methods=("GET", "POST"))
def attendance(request: Request, pk: int) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can."""
    own = Run.objects.visible_to(request.user).held_by(request.user)
    rows = Session.objects.select_related("event__run").filter(
        event__in=Event.objects.visible_to(request.user), event__run__in=own
    )
    session = get_object_or_404(rows, pk=pk)
    run = session.event.run
    home = see_other("orderer:run", run.pk)

    def shown(template: str, **context: Any) -> HttpResponse:
        return show(request, template, "runs", **context)

    return mark(request, session, act_by=form_act, show=shown, back=(home, run.title), to=home)


@page("producer")
def paper(request: Request, pk: int) -> HttpResponse:
    """Names and empty boxes for each session of a training, for paper; only of what is to be marked."""
    run = fetch(Run.objects.held_by(request.user).select_related("event"), pk, for_=request.user)
    home = see_other("orderer:run", pk)
    if not may(CHECK_IN.name, run.event, request.user):
        return home
    context = paper_of(run.event) | {"back": home.url, "back_label": run.title}
    return show(request, "parts/events/paper.html", "runs", **context)
