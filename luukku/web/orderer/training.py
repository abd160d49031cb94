"""Trainings at the producer's own desk: the organisation's runs, who applies, and the answers."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone

from luukku.events.models import Session
from luukku.events.states import WITH_PLACE, EventState
from luukku.experts.models import FurtherKind
from luukku.training.models import Application, PracticeLecture, Run
from luukku.training.queries import barriers_of, hours_short, is_outdated, why_not_report, wished
from luukku.training.states import TO_ANSWER
from luukku.web.kit.access import page
from luukku.web.kit.acts import form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show, tabs
from luukku.web.parts.training.answering import answer
from luukku.web.parts.training.shown import application_context

A_PAGE = 30


@page("producer")
def runs(request: Request) -> HttpResponse:
    """The trainings of the organisations that one stands for, the latest first, and how many applications wait."""
    rows = (
        Run.objects.visible_to(request.user)
        .held_by(request.user)
        .select_related("event")
        .annotate(
            waiting=Count(
                "applications", filter=Q(applications__state__in=TO_ANSWER), distinct=True
            ),
            given=Count(
                "event__sign_ups", filter=Q(event__sign_ups__state__in=WITH_PLACE), distinct=True
            ),
        )
        .order_by("-event__starts_at", "pk")
    )
    shown = paged(request, rows, A_PAGE)
    ended = (
        Run.objects.visible_to(request.user)
        .to_report(timezone.now())
        .filter(pk__in=[row.pk for row in shown])
    )
    return show(
        request,
        "orderer/training/runs.html",
        "runs",
        page=shown,
        to_report=set(ended.values_list("pk", flat=True)),
    )


@page("producer")
def run(request: Request, pk: int) -> HttpResponse:
    """One training: who has applied, those who wait first, and what makes it hard to come."""
    own = Run.objects.visible_to(request.user).held_by(request.user)
    found = fetch(own.select_related("event__municipality", "programme"), pk, for_=request.user)
    mine = Application.objects.visible_to(request.user).filter(run=found)
    rows = mine.select_related("person").order_by("state_changed_at", "pk")
    waiting = [row for row in rows if row.state in TO_ANSWER]
    report = found.reports.in_force().first()
    return show(
        request,
        "orderer/training/run.html",
        "runs",
        run=found,
        waiting=waiting,
        answered=[row for row in rows if row.state not in TO_ANSWER],
        barriers=barriers_of(mine),
        sessions=_sessions(found),
        short=hours_short(found),
        lectures=PracticeLecture.objects.visible_to(request.user).of_run(found),
        report=report,
        is_outdated=report is not None and is_outdated(report),
        reports=why_not_report(found, at=timezone.now()) is None,
    )


@page("producer")
def wishes(request: Request) -> HttpResponse:
    """How many wish for which further training, in tens."""
    return show(
        request,
        "orderer/training/wishes.html",
        "runs",
        wished=wished(request.user),
        kinds=FurtherKind,
        is_exact=request.user.is_counter,
    )


def _sessions(run: Run) -> list[Session]:
    """Return the sessions that have begun, with how many have been marked; none of what is not held."""
    if run.event.state in {EventState.DRAFT, EventState.CANCELLED}:
        return []
    rows = run.event.sessions.annotate(
        marked=Count("attendance"), here=Count("attendance", filter=Q(attendance__presence="here"))
    )
    return list(rows.filter(starts_at__lte=timezone.now()).order_by("starts_at", "pk"))


@page("producer")
def application(request: Request, pk: int) -> HttpResponse:
    """One application and what can be answered."""
    found = fetch(Application.objects.whole(), pk, for_=request.user)
    context = application_context(found, at=timezone.now(), act="orderer:application-act")
    return show(request, "orderer/training/application.html", "runs", **context)


@page("producer", methods=("GET", "POST"))
def application_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Answer an application, or write down how the training ended."""
    return answer(
        request,
        fetch(Application.objects.whole(), pk, for_=request.user),
        act,
        act_by=form_act,
        tabs=tabs(request, "runs"),
        home=see_other("orderer:application", pk),
    )
