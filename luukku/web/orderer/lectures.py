"""Practice lectures: a school offers dates, a producer takes them for a training."""

from __future__ import annotations

from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.events.states import OPEN_EVENTS, EventState
from luukku.training import actions
from luukku.training.models import Application, PracticeLecture, PracticeLectureQuerySet, Run
from luukku.training.queries import can_correct
from luukku.training.states import ApplicationState, LectureState
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import ORGANISATION, ordering_for, show, tabs
from luukku.web.parts.training import lectures as parts
from luukku.workflow.queries import may

A_PAGE = 30


def _of_own_school(request: Request) -> PracticeLectureQuerySet:
    """Return the dates of the organisations for which the reader orders."""
    return PracticeLecture.objects.visible_to(request.user).of_school_of(request.user)


@page("orderer")
def lectures(request: Request) -> HttpResponse:
    """The dates that one's own organisation offers, the latest first."""
    rows = _of_own_school(request).order_by("-starts_at", "-pk")
    shown = paged(request, rows, A_PAGE)
    return show(request, "orderer/training/lectures.html", "desk", page=shown, now=timezone.now())


@page("producer")
def lectures_offered(request: Request) -> HttpResponse:
    """The dates that schools offer now, the soonest first: also for who has no training yet to take one for."""
    rows = PracticeLecture.objects.visible_to(request.user).to_take(timezone.now())
    shown = paged(request, rows.select_related("school"), A_PAGE)
    return show(
        request,
        "orderer/training/lectures_offered.html",
        "runs",
        page=shown,
        has_runs=bool(_runs_to_speak_for(request)),
    )


@page("orderer", methods=("GET", "POST"), makes_one=True)
def lecture_new(request: Request) -> HttpResponse:
    """Offer a date for a practice lecture."""
    form = parts.LectureForm(data_of(request))
    return form_act(
        request,
        actions.offer_lecture,
        ordering_for(request),
        form=form,
        page=lambda status: show(
            request, "orderer/training/lecture_form.html", "desk", status=status, form=form
        ),
        done=_("Producers see the date now. We write to you when somebody takes it."),
        to=lambda made: see_other("orderer:lecture", made.pk),
    )


@page(*ORGANISATION)
def lecture(request: Request, pk: int) -> HttpResponse:
    """One date, whoever of the two organisations looks."""
    found = fetch(PracticeLecture.objects.whole(), pk, for_=request.user)
    is_school = _of_own_school(request).contains(found)
    can_take = not is_school and found.state == LectureState.OPEN
    now = timezone.now()
    return show(
        request,
        "orderer/training/lecture.html",
        "desk" if is_school else "runs",
        lecture=found,
        is_over=parts.is_over(found, now),
        is_school=is_school,
        can_take=can_take and found.starts_at > now,
        runs=_runs_to_speak_for(request) if can_take else [],
        can_correct=can_correct(found, request.user, now),
        thought=parts.own_thought(found, request.user),
    )


def _runs_to_speak_for(request: Request) -> list[Run]:
    """Return the own trainings for which a date can be taken, the newest first."""
    held = Run.objects.held_by(request.user).select_related("event")
    learning = Application.objects.filter(run=OuterRef("pk"), state=ApplicationState.CHOSEN)
    # One that has been held takes a date while somebody has not completed it.
    speaks = Q(event__state__in=OPEN_EVENTS) | Q(event__state=EventState.HELD) & Exists(learning)
    return list(held.filter(speaks).order_by("-event__starts_at", "-pk")[:A_PAGE])


@page(*ORGANISATION, methods=("GET", "POST"))
def lecture_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a date that one's own organisation has offered."""
    return parts.cancel(
        request,
        fetch(PracticeLecture.objects.whole(), pk, for_=request.user),
        act_by=form_act,
        tabs=tabs(request, "desk"),
        home=see_other("orderer:lecture", pk),
    )


@page("producer", methods=("GET", "POST"))
def lecture_let_go(request: Request, pk: int) -> HttpResponse:
    """Give a date back that one's own training has taken."""
    found = fetch(PracticeLecture.objects.whole(), pk, for_=request.user)
    run = found.run_id
    return parts.let_go(
        request,
        found,
        act_by=form_act,
        tabs=tabs(request, "runs"),
        home=see_other("orderer:run", run) if run else see_other("orderer:runs"),
    )


@page(*ORGANISATION, methods=("GET", "POST"))
def lecture_count(request: Request, pk: int) -> HttpResponse:
    """Write down how many students were there."""
    return parts.count(
        request,
        fetch(PracticeLecture.objects.whole(), pk, for_=request.user),
        act_by=form_act,
        tabs=tabs(request, "desk"),
        home=see_other("orderer:lecture", pk),
    )


@page("orderer", methods=("GET", "POST"))
def lecture_think(request: Request, pk: int) -> HttpResponse:
    """Tell what the school thought of it."""
    found = fetch(PracticeLecture.objects.whole(), pk, for_=request.user)
    thought = parts.own_thought(found, request.user)
    form = parts.ThoughtForm(data_of(request), given=thought)
    home = see_other("orderer:lecture", pk)
    is_over = parts.is_over(found, timezone.now())
    if not (is_over and may("training.think_of_lecture", found, request.user)):
        return home
    return form_act(
        request,
        actions.think_of_lecture,
        found,
        form=form,
        page=lambda status: show(
            request,
            "orderer/training/lecture_think.html",
            "desk",
            status=status,
            form=form,
            lecture=found,
            thought=thought,
        ),
        done=_("Thank you. Your words help to make trainings better."),
        to=home,
    )


@page("producer", methods=("GET", "POST"))
def run_lecture(request: Request, pk: int) -> HttpResponse:
    """Take a date for a training, and say who speaks."""
    held = Run.objects.held_by(request.user).select_related("event__organiser", "programme")
    run = fetch(held, pk, for_=request.user)
    return parts.take(
        request,
        run,
        act_by=form_act,
        show=partial(show, request, "parts/training/run_lecture.html", "runs"),
        home=see_other("orderer:run", pk),
        none=_(
            "No school offers a date now. Ask a school you know to offer one, or call the counter."
        ),
        done=_("The date is yours. The school and those who speak are told."),
    )


@page(*ORGANISATION, methods=("GET", "POST"))
def lecture_link(request: Request, pk: int) -> HttpResponse:
    """Give the link of a remote lecture at one's own school."""
    rows = _of_own_school(request)
    return parts.link(
        request,
        fetch(rows.whole(), pk, for_=request.user),
        act_by=form_act,
        tabs=tabs(request, "desk"),
        home=see_other("orderer:lecture", pk),
    )
