"""A producer tells the steering group how a training went."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils import timezone

from luukku.training import actions
from luukku.training.models import Run
from luukku.training.queries import why_not_report
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show
from luukku.web.parts.training.reporting import (
    ReportForm,
    report_context,
    seen_in,
    sent_words,
)


@page("producer", methods=("GET", "POST"))
def run_report(request: Request, pk: int) -> HttpResponse:
    """The figures of a training that has been held, to be sent to the steering group."""
    held = Run.objects.held_by(request.user).select_related("event__organiser", "programme")
    run = fetch(held, pk, for_=request.user)
    report, to = run.reports.in_force().first(), see_other("orderer:run", pk)
    form = ReportForm(data_of(request), run=run, report=report)

    def ready() -> None:
        if refusal := why_not_report(run, at=timezone.now()):
            raise refusal

    return form_act(
        request,
        partial(actions.send_report, seen=seen_in(request)),
        run,
        form=form,
        ready=ready,
        page=lambda status: show(
            request,
            "orderer/training/report.html",
            "runs",
            status=status,
            **report_context(run, report, form),
        ),
        done=lambda made: sent_words(made, before=report),
        to=to,
    )
