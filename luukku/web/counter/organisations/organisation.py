"""One organisation: checked, changed, ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.actions import (
    OrdersOpen,
    end_organisation,
)
from luukku.core.ordering import in_finnish
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.orders.states import OPEN_STATES
from luukku.organisations import actions
from luukku.organisations.models import (
    ChangeAsked,
    Organisation,
    Task,
)
from luukku.organisations.queries import (
    contact_of,
    may_be_same,
)
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.notes import notes_about
from luukku.web.counter.organisations.refusing import require_asked
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.organisations.forms import (
    DetailsForm,
    UnitForm,
)
from luukku.web.ui.forms import Form, words_field
from luukku.workbench.queries import joinings_of


class EndForm(Form):
    """Why the open orders end with the organisation."""

    reason = words_field(
        gettext_lazy("Why do the open orders end?"),
        gettext_lazy("Orderers and experts read this in the letter that tells of it."),
        most=500,
    )


def find_organisation(request: Request, pk: int) -> Organisation:
    """Return an organisation with what its pages show."""
    return fetch(Organisation.objects.select_related("municipality"), pk, for_=request.user)


@page("coordinator")
def organisation(request: Request, pk: int) -> HttpResponse:
    """One organisation: state, details, people, units, alert when nobody is the contact."""
    return _page(request, find_organisation(request, pk))


def _page(
    request: Request, organisation: Organisation, *, unit_form: UnitForm | None = None
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "asked": ChangeAsked.objects.visible_to(request.user)
        .filter(organisation=organisation)
        .select_related("asked_by")
        .first(),
        "unit_form": unit_form or UnitForm(),
        "services": organisation.services.all(),
        "tasks": [Task(task).label for task in organisation.tasks],
        "tabs": tabs(request, "organisations"),
        "contact": contact_of(organisation),
        "same": may_be_same(organisation),
        "joinings": joinings_of(organisation, viewer=request.user),
        "members": organisation.memberships.select_related("user", "unit").order_by(
            in_finnish("user__name"), "role"
        ),
        "units": organisation.units.select_related("municipality").order_by(in_finnish("name")),
        "orders": organisation.orders.annotate(goes_on=Q(state__in=OPEN_STATES)).order_by(
            "-goes_on", "-pk"
        )[:10],
        **notes_about(request, organisation),
    }
    status = 200 if unit_form is None else 422
    return render(request, "counter/organisations/detail.html", context, status=status)


@page("coordinator", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change an organisation's details on behalf of its people."""
    organisation = find_organisation(request, pk)
    form = DetailsForm(data_of(request), instance=organisation)
    context = {
        "form": form,
        "title": _("Details of the organisation"),
        "back": reverse("counter:organisation", args=[pk]),
        "back_label": _("Organisation"),
        "tabs": tabs(request, "organisations"),
    }
    return counter_act(
        request,
        actions.edit,
        find_organisation(request, pk),
        form=form,
        page=lambda status: render(request, "counter/new.html", context, status=status),
        done=_("Saved."),
        to=see_other("counter:organisation", pk),
    )


@page("coordinator", methods=("POST",), makes_one=True)
def add_unit(request: Request, pk: int) -> HttpResponse:
    """Add a part of the organisation."""
    organisation = find_organisation(request, pk)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, unit_form=form)
    actions.add_unit(organisation, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The unit has been added."))
    return see_other("counter:organisation", pk)


@page("coordinator", methods=("POST",))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Vet or open again."""
    vet = partial(actions.vet, is_another="another" in request.POST)
    acts: dict[str, tuple[Callable[..., object], str]] = {
        "vet": (vet, _("Checked. It can order now.")),
        "reopen": (
            actions.reopen,
            _("Open again. Before it can order, check it and press “Mark as checked”."),
        ),
    }
    if move not in acts:
        raise Http404
    act, done = acts[move]
    organisation = fetch(Organisation, pk, for_=request.user)
    return counter_act(
        request, act, organisation, done=done, to=see_other("counter:organisation", pk)
    )


@page("coordinator", methods=("GET", "POST"))
def end(request: Request, pk: int) -> HttpResponse:
    """End an organisation, once it has been said what follows."""
    organisation = find_organisation(request, pk)
    going_on = list(organisation.orders.filter(state__in=OPEN_STATES).order_by("pk"))
    form = EndForm(data_of(request)) if going_on else None
    return counter_act(
        request,
        end_organisation,
        organisation,
        form=form,
        page=lambda status: render(
            request,
            "counter/organisations/end.html",
            {
                "organisation": organisation,
                "form": form,
                "orders": going_on,
                "members": organisation.members.distinct().count(),
                "experts": Expert.objects.visible_to(request.user)
                .filter(background_organisation=organisation)
                .exclude(state=ExpertState.LEFT)
                .count(),
                "tabs": tabs(request, "organisations"),
            },
            status=status,
        ),
        done=_("The organisation has ended. Its people are told."),
        to=see_other("counter:organisation", pk),
        back=lambda refusal: see_other(
            # An order has been sent since the page was read: the page now asks for a reason.
            "counter:organisation-end"
            if isinstance(refusal, OrdersOpen)
            else "counter:organisation",
            pk,
        ),
    )


@page("coordinator", methods=("POST",))
def accept_change(request: Request, pk: int, asked: int) -> HttpResponse:
    """Let a new name, kind, sector or business ID hold."""
    wishes = ChangeAsked.objects.visible_to(request.user)
    wish = wishes.filter(pk=asked, organisation=find_organisation(request, pk)).first()
    return counter_act(
        request,
        actions.accept_change,
        wish,
        ready=partial(require_asked, wish),
        done=_("Saved. Whoever asked for the change is told."),
        to=see_other("counter:organisation", pk),
    )
