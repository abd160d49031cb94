"""What producers have told the steering group of trainings, and the same written down for one who calls."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.disclosure import told
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.training import actions
from luukku.training.models import Run, RunReport, RunReportQuerySet
from luukku.training.queries import is_outdated, told_of, why_not_report
from luukku.training.refusals import NoWordsToRemove
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training.reporting import (
    RemoveForm,
    ReportForm,
    report_context,
    seen_in,
    sent_words,
)
from luukku.web.ui.filters import Filters


class ReportFilters(Filters):
    """By what one looks for a report."""


def _rows(request: Request) -> RunReportQuerySet:
    rows = RunReport.objects.visible_to(request.user).in_force()
    return rows.select_related("run__event__organiser")


def _day(row: RunReport) -> date | None:
    last = row.figures.get("last_on")
    return date.fromisoformat(last) if last else None


REPORTS = Listing(
    name="reports",
    tab="reports",
    title=gettext_lazy("Reports of trainings"),
    rows=_rows,
    filters=ReportFilters,
    columns=(
        Column(
            "title",
            gettext_lazy("Training"),
            lambda row: row.run.title,
            order=in_finnish("run__event__title_fi"),
            names_row=True,
        ),
        Column(
            "organiser",
            gettext_lazy("Who holds it"),
            lambda row: row.run.event.organiser.name,
            order=in_finnish("run__event__organiser__name"),
        ),
        Column("last", gettext_lazy("Ended"), _day, order="run__event__ends_at"),
        Column("applicants", gettext_lazy("Applied"), lambda row: told(row.figures["applicants"])),
        Column("completed", gettext_lazy("Completed"), lambda row: told(row.figures["completed"])),
        Column(
            "sent",
            gettext_lazy("Report sent"),
            lambda row: helsinki(row.sent_at).date(),
            order="sent_at",
        ),
    ),
    order="-sent",
    url=lambda row: reverse("counter:report", args=[row.pk]),
)


@page("coordinator", "steering")
def reports(request: Request) -> HttpResponse:
    """Every report in force, the newest first."""
    return show_list(
        request,
        REPORTS,
        back=(reverse("counter:home"), _("Figures")),
        lead=_("What producers have told of the trainings that they have held, in numbers and without names."),
        empty=_("No reports yet. A producer sends one when a training has ended."),
    )  # fmt: skip


@page("coordinator", "steering")
def report(request: Request, pk: int) -> HttpResponse:
    """One report as it was sent."""
    rows = RunReport.objects.select_related("run__event__organiser", "run__programme")
    found = fetch(rows, pk, for_=request.user)
    newer = RunReport.objects.visible_to(request.user).in_force().filter(run=found.run_id)
    context = {
        "report": found,
        "newer": newer.first() if found.replaced_at else None,
        "is_outdated": not found.replaced_at and is_outdated(found),
        "told": told_of(found.figures),
        "tabs": tabs(request, "reports"),
    }
    return render(request, "counter/training/report.html", context)


@page("coordinator", methods=("GET", "POST"))
def report_remove(request: Request, pk: int) -> HttpResponse:
    """Take the producer's words away from a report, with a reason."""
    rows = RunReport.objects.select_related("run__event__organiser")
    found = fetch(rows, pk, for_=request.user)
    form = RemoveForm(data_of(request))
    home = see_other("counter:report", pk)

    def ready() -> None:
        if not found.words:
            raise NoWordsToRemove

    return counter_act(
        request,
        actions.remove_report_words,
        found,
        form=form,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs(request, "reports"),
            title=_("Remove the words of the report?"),
            lead=f"{found.run.title}, {found.run.event.organiser.name}",
            follows=[
                _("The words are gone for good. The figures stay."),
                _("The report says that the counter removed the words, and why."),
                _("The producer is not written to: call them."),
            ],
            label=_("Remove the words"),
            back=home.url,
            keep=_("Back to the report"),
            form=form,
        ),
        done=_("The words have been removed."),
        to=home,
    )


@page("coordinator", methods=("GET", "POST"))
def run_report(request: Request, pk: int) -> HttpResponse:
    """Send the report of a training for its producer, who has told by phone what to add."""
    run = fetch(Run.objects.select_related("event__organiser", "programme"), pk, for_=request.user)
    before = run.reports.in_force().first()
    form = ReportForm(data_of(request), run=run, report=before)

    def ready() -> None:
        if refusal := why_not_report(run, at=timezone.now()):
            raise refusal

    context = report_context(run, before, form) | {"tabs": tabs(request, "runs")}
    return counter_act(
        request,
        partial(actions.send_report, seen=seen_in(request)),
        run,
        form=form,
        ready=ready,
        page=lambda status: render(
            request, "counter/training/run_report.html", context, status=status
        ),
        done=lambda made: sent_words(made, before=before),
        to=see_other("counter:run", pk),
    )
