"""Applications at the counter: who waits, by phone too, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.ordering import by_label, by_surname, in_finnish
from luukku.core.text import key_in
from luukku.core.times import helsinki
from luukku.training import actions
from luukku.training.models import Application, ApplicationQuerySet, Certificate, Run
from luukku.training.queries import has_second
from luukku.training.states import TO_ANSWER, ApplicationState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training.answering import answer
from luukku.web.parts.training.forms import ApplyByPhoneForm
from luukku.web.parts.training.shown import application_context
from luukku.web.ui import tags
from luukku.web.ui.filters import Filters, StateFilter


class ApplicationFilters(Filters):
    """By what the counter looks for an application."""

    state = StateFilter(
        ApplicationState,
        groups={"waiting": (gettext_lazy("All that wait for an answer"), tuple(sorted(TO_ANSWER)))},
    )


def _rows(request: Request) -> ApplicationQuerySet:
    rows = Application.objects.visible_to(request.user)
    return rows.whole()


def _days(row: Application) -> int | None:
    return row.days_waited(helsinki(timezone.now()).date())


APPLICATIONS = Listing(
    name="applications",
    tab="runs",
    title=gettext_lazy("Applications for trainings"),
    rows=_rows,
    filters=ApplicationFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda row: row.person.name,
            order=by_surname("person__name"),
            names_row=True,
        ),
        Column(
            "training",
            gettext_lazy("Training"),
            lambda row: row.run.title,
            order=in_finnish("run__event__title_fi"),
        ),
        Column(
            "sent",
            gettext_lazy("Came in"),
            lambda row: row.sent_at and helsinki(row.sent_at).date(),
            order="sent_at",
        ),
        Column("days", gettext_lazy("Days to the answer"), _days),
        Column(
            "phone",
            gettext_lazy("Phone"),
            lambda row: row.person.phone,
            shows=tags.phone,
            is_plain=True,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.state_label,
            order=lambda: by_label("state", ApplicationState),
            shows=tags.state,
            is_plain=True,
        ),
    ),
    order="-sent",
    url=lambda row: reverse("counter:application", args=[row.pk]),
)


@page("coordinator")
def applications(request: Request) -> HttpResponse:
    """Every application, the newest first."""
    return show_list(
        request,
        APPLICATIONS,
        back=(reverse("counter:runs"), _("Trainings that are held")),
        lead=_("An application by phone is written down on the person’s own page."),
        empty=_("No applications here."),
        acts=[(reverse("counter:people"), _("Find the person who calls"))],
    )


@page("coordinator")
def application(request: Request, pk: int) -> HttpResponse:
    """One application and what can be answered."""
    found = fetch(Application.objects.whole(), pk, for_=request.user)
    context = application_context(found, at=timezone.now(), act="counter:application-act")
    second = Application.objects.visible_to(request.user).filter(after=found).first()
    certificates = Certificate.objects.visible_to(request.user)
    own = certificates.filter(application=found, replaced_by=None).first()
    context |= {
        "second": second,
        "certificate": own if found.training_id else None,
        "tabs": tabs(request, "runs"),
    }
    return render(request, "counter/training/application.html", context)


@page("coordinator", methods=("GET", "POST"))
def application_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Answer an application, or write down how the training ended."""
    return answer(
        request,
        fetch(Application.objects.whole(), pk, for_=request.user),
        act,
        act_by=counter_act,
        tabs=tabs(request, "runs"),
        home=see_other("counter:application", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take an application back for its person."""
    found = fetch(Application.objects.whole(), pk, for_=request.user)
    home = see_other("counter:application", pk)

    def act(found: Application, *, by: User, at: datetime) -> Application:
        return actions.withdraw(found, by=by, at=at, on_behalf_of=found.person)

    return counter_act(
        request,
        act,
        found,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Withdraw the application?"),
            lead=f"{found.person.name}, {found.run.title}",
            follows=[
                _("The place or the turn goes to somebody else."),
                _("A second choice is considered from now on.") if has_second(found) else "",
            ],
            label=_("Withdraw"),
            back=home.url,
            keep=_("Keep it"),
        ),
        done=_("The application has been withdrawn."),
        to=home,
    )


@page("coordinator", methods=("GET", "POST"))
def person_apply(request: Request, pk: int) -> HttpResponse:
    """Write down the application of somebody who calls or writes on paper."""
    person = fetch(User, pk, for_=request.user)
    now = timezone.now()
    open_now = Run.objects.visible_to(request.user).taking(now)
    form = ApplyByPhoneForm(
        data_of(request), runs=open_now.select_related("event").prefetch_related("event__sessions")
    )

    if key := key_in(request.GET.get("run", "")):  # for which somebody has called
        form.fields["run"].initial = key

    def act(*, by: User, at: datetime, run: Run, **told: Any) -> Application:
        return actions.apply(run, by=by, at=at, on_behalf_of=person, **told)

    context = {"form": form, "person": person, "tabs": tabs(request, "people")}
    return counter_act(
        request,
        act,
        form=form,
        page=lambda status: render(
            request, "counter/training/person_apply.html", context, status=status
        ),
        done=lambda made: _said(made, at=now),
        to=lambda made: see_other("counter:application", made.pk),
    )


def _said(made: Application, *, at: datetime) -> str:
    """Return what is said of an application that was written down after ``at``, or had been there already."""
    if made.sent_at is not None and made.sent_at >= at:
        return _("The application has been written down.")
    return _("There is an application for this training already. It stands as it was.")
