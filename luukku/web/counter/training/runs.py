"""Runs of programmes: when they are held, how many apply, what makes it hard to come."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, in_finnish
from luukku.core.times import helsinki
from luukku.events import actions as events
from luukku.events.states import WITH_PLACE, EventState
from luukku.organisations.models import Organisation
from luukku.training.models import Application, PracticeLecture, Programme, Run, RunQuerySet
from luukku.training.queries import barriers_of, hours_short, why_not_report, words_of
from luukku.training.states import TO_ANSWER, ApplicationState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training.run_form import RunForm, begin
from luukku.web.ui import tags
from luukku.web.ui.filters import Filters, StateFilter

S = ApplicationState


class RunFilters(Filters):
    """By what the counter looks for a run."""

    state = StateFilter(EventState, field_name="event__state")


def _rows(request: Request) -> RunQuerySet:
    rows = Run.objects.visible_to(request.user).select_related("event__organiser")
    return rows.annotate(
        waiting=Count("applications", filter=Q(applications__state__in=TO_ANSWER), distinct=True),
        chosen=Count(
            "event__sign_ups", filter=Q(event__sign_ups__state__in=WITH_PLACE), distinct=True
        ),
        completed=Count("applications", filter=Q(applications__state=S.COMPLETED), distinct=True),
    )


RUNS = Listing(
    name="runs",
    tab="runs",
    title=gettext_lazy("Trainings that are held"),
    rows=_rows,
    filters=RunFilters,
    columns=(
        Column(
            "title",
            gettext_lazy("Training"),
            lambda row: row.title,
            order=in_finnish("event__title_fi"),
            names_row=True,
        ),
        Column("code", gettext_lazy("Code of the training"), lambda row: row.code, order="code"),
        Column(
            "organiser",
            gettext_lazy("Who holds it"),
            lambda row: row.event.organiser.name,
            order=in_finnish("event__organiser__name"),
        ),
        Column(
            "starts",
            gettext_lazy("Begins"),
            lambda row: row.event.starts_at and helsinki(row.event.starts_at).date(),
            order="event__starts_at",
        ),
        Column(
            "waiting",
            gettext_lazy("Applications to answer"),
            lambda row: row.waiting,
            order="waiting",
        ),
        Column("chosen", gettext_lazy("Chosen"), lambda row: row.chosen, order="chosen"),
        Column("seats", gettext_lazy("Places"), lambda row: row.event.seats, order="event__seats"),
        Column(
            "completed", gettext_lazy("Completed"), lambda row: row.completed, order="completed"
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.event.state_label,
            order=lambda: by_label("event__state", EventState),
            shows=lambda row, _words: tags.state_tag(row.event),
            is_plain=True,
        ),
    ),
    order="-starts",
    url=lambda row: reverse("counter:run", args=[row.pk]),
)


@page("coordinator")
def runs(request: Request) -> HttpResponse:
    """Every run."""
    return show_list(
        request,
        RUNS,
        back=(reverse("counter:programmes"), _("Programmes of training")),
        lead=_("Each time that a programme is held. One applies for it and is chosen."),
        empty=_("No trainings here. Begin one on the page of a programme that has been agreed on."),
        acts=[(reverse("counter:applications"), _("Applications"))],
    )


@page("coordinator")
def run(request: Request, pk: int) -> HttpResponse:
    """One run: when and where, how many have applied and what makes it hard for them to come."""
    rows = Run.objects.select_related("event__organiser", "event__municipality", "programme")
    found = fetch(rows, pk, for_=request.user)
    applications = Application.objects.visible_to(request.user).filter(run=found)
    numbers = dict(
        applications.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    context = {
        "run": found,
        "event": found.event,
        "numbers": [(state.label, numbers[state]) for state in S if numbers.get(state)],
        "barriers": barriers_of(applications),
        "short": hours_short(found),
        "lectures": PracticeLecture.objects.visible_to(request.user).of_run(found),
        "words": words_of(found),
        "report": found.reports.in_force().first(),
        "reports": why_not_report(found, at=timezone.now()) is None,
        "tabs": tabs(request, "runs"),
    }
    return render(request, "counter/training/run.html", context)


@page("coordinator", methods=("POST",))
def run_open(request: Request, pk: int) -> HttpResponse:
    """Let people apply."""
    found = fetch(Run.objects.select_related("event"), pk, for_=request.user)
    return counter_act(
        request,
        events.publish,
        found.event,
        done=_("People can apply now."),
        to=see_other("counter:run", pk),
    )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def run_new(request: Request, pk: int) -> HttpResponse:
    """Begin a run of a programme."""
    programme = fetch(Programme.objects.all(), pk, for_=request.user)
    trains = Organisation.objects.training()
    form = RunForm(data_of(request), organisers=trains.filter(programmes=programme))
    return counter_act(
        request,
        begin,
        programme,
        form=form,
        page=lambda status: render(
            request,
            "counter/training/run_form.html",
            {"form": form, "programme": programme, "tabs": tabs(request, "runs")},
            status=status,
        ),
        done=_("The training is a draft now. Open it for applications when all is right."),
        to=lambda made: see_other("counter:run", made.pk),
        back=see_other("counter:programme", pk),
    )
