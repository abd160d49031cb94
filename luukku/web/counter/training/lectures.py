"""Practice lectures at the counter: what a school or a producer tells by phone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luukku.organisations.models import Organisation
from luukku.training import actions
from luukku.training.models import PracticeLecture, Run
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training import lectures as parts


def _home(found: PracticeLecture) -> SeeOther:
    if found.run_id:
        return see_other("counter:run", found.run_id)
    return see_other("counter:organisation", found.school_id)


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def lecture_new(request: Request, pk: int) -> HttpResponse:
    """Write down a date that a school offers by phone."""
    school = fetch(Organisation.objects.vetted(), pk, for_=request.user)
    form = parts.LectureForm(data_of(request))
    context = {"form": form, "school": school, "tabs": tabs(request, "organisations")}
    return counter_act(
        request,
        actions.offer_lecture,
        school,
        form=form,
        page=lambda status: render(
            request, "counter/training/lecture_form.html", context, status=status
        ),
        done=_("Producers see the date now."),
        to=see_other("counter:organisation", pk),
    )


def _of_school(request: Request, pk: int, act: Callable[..., HttpResponse]) -> HttpResponse:
    """Do for a school what its own desk does, too."""
    found = fetch(PracticeLecture.objects.whole(), pk, for_=request.user)
    return act(
        request,
        found,
        act_by=counter_act,
        tabs=tabs(request, "organisations"),
        home=_home(found),
    )


@page("coordinator", methods=("GET", "POST"))
def lecture_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a date for a school that calls."""
    return _of_school(request, pk, parts.cancel)


@page("coordinator", methods=("GET", "POST"))
def lecture_count(request: Request, pk: int) -> HttpResponse:
    """Write down how many students were there."""
    return _of_school(request, pk, parts.count)


@page("coordinator", methods=("GET", "POST"))
def lecture_link(request: Request, pk: int) -> HttpResponse:
    """Write down the link that a school tells."""
    return _of_school(request, pk, parts.link)


@page("coordinator", methods=("GET", "POST"))
def run_lecture(request: Request, pk: int) -> HttpResponse:
    """Take a date for a producer that calls, and say who speaks."""
    runs = Run.objects.select_related("event__organiser", "programme")
    run = fetch(runs, pk, for_=request.user)

    def show(*, status: int, **context: object) -> HttpResponse:
        context |= {"tabs": tabs(request, "runs")}
        return render(request, "parts/training/run_lecture.html", context, status=status)

    return parts.take(
        request,
        run,
        act_by=counter_act,
        show=show,
        home=see_other("counter:run", pk),
        none=_(
            "No school offers a date now. A school’s date can be written down on the page of its organisation."
        ),
        done=_("The date is taken. The school and those who speak are told."),
    )
