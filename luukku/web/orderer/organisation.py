"""The organisation's own details, units and people."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.core.ordering import in_finnish
from luukku.organisations import actions
from luukku.organisations.models import ChangeAsked, Membership, Organisation, Task
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import question
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.forms import RegisterForm
from luukku.web.orderer.frame import ORGANISATION, organisation_of, show
from luukku.web.parts.organisations.forms import DetailsForm, UnitForm, contact_question
from luukku.workflow.queries import may


@page(*ORGANISATION, methods=("GET", "POST"))
def organisation(request: Request) -> HttpResponse:
    """See the organisation's details, units and people; change its details."""
    here = fetch(Organisation, organisation_of(request).pk, for_=request.user)
    form = DetailsForm(data_of(request), instance=here)
    return form_act(
        request,
        actions.edit,
        here,
        form=form,
        page=lambda _status: _page(request, form=form, unit_form=UnitForm()),
        done=lambda is_saved: (
            _("Saved.")
            if is_saved
            else _(
                "Saved. The counter checks the new name, sector or business ID and writes to you;"
                " until then the old ones are shown."
            )
        ),
        to=see_other("orderer:organisation"),
    )


def _page(request: Request, *, form: DetailsForm, unit_form: UnitForm) -> HttpResponse:
    organisations = Organisation.objects.select_related("municipality")
    here = fetch(organisations, organisation_of(request).pk, for_=request.user)
    return show(
        request,
        "orderer/organisations/detail.html",
        "organisation",
        organisation=here,
        form=form,
        unit_form=unit_form,
        units=here.units.select_related("municipality").order_by(in_finnish("name"), "pk"),
        members=here.memberships.present()
        .select_related("user", "unit")
        .order_by(in_finnish("user__name"), "role", "pk"),
        tasks=[Task(task).label for task in here.tasks],
        asked=ChangeAsked.objects.visible_to(request.user).filter(organisation=here).first(),
        status=422 if form.errors or unit_form.errors else 200,
    )


@page(*ORGANISATION, methods=("POST",), makes_one=True)
def unit_add(request: Request) -> HttpResponse:
    """Add a part of the organisation."""
    here = organisation_of(request)
    form = UnitForm(data_of(request))
    return form_act(
        request,
        actions.add_unit,
        here,
        form=form,
        page=lambda _status: _page(request, form=DetailsForm(instance=here), unit_form=form),
        done=_("The unit has been added."),
        to=see_other("orderer:organisation"),
    )


@page(*ORGANISATION, methods=("GET", "POST"))
def contact_name(request: Request, pk: int) -> HttpResponse:
    """Name the contact person of the organisation in one role, once it has been said what follows."""
    here = (
        Membership.objects.visible_to(request.user)
        .present()
        .filter(organisation=organisation_of(request))
    )
    membership = get_object_or_404(here.select_related("organisation", "user"), pk=pk)
    if not may("organisations.name_contact", membership, request.user):
        raise PermissionDenied("organisations.name_contact")
    asked = contact_question(membership, back=reverse("orderer:organisation"))
    return form_act(
        request,
        actions.name_contact,
        membership,
        page=lambda status: show(
            request, "ui/confirm.html", "organisation", status=status, **question(**asked)
        ),
        done=_("The contact person has been named."),
        to=see_other("orderer:organisation"),
    )


@page(SIGNED_IN, methods=("GET", "POST"), makes_one=True)
def register(request: Request) -> HttpResponse:
    """Register an organisation; the counter checks it."""
    form = RegisterForm(data_of(request))
    return form_act(
        request,
        partial(actions.register, for_user=request.user),
        form=form,
        page=lambda status: render(
            request,
            "orderer/organisations/register.html",
            {"form": form, "tabs": []},
            status=status,
        ),
        done=_("Thank you. The counter checks your organisation and tells you."),
        to=lambda made: _at_desk_of(request, made),
    )


def _at_desk_of(request: Request, organisation: Organisation) -> HttpResponse:
    request.session["organisation"] = organisation.pk
    return see_other("orderer:desk")
