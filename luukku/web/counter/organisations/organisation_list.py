"""Every organisation, and a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, in_finnish
from luukku.orders.finding import with_open_orders
from luukku.organisations import actions
from luukku.organisations.finding import alike, holding
from luukku.organisations.models import (
    Kind,
    Organisation,
    OrganisationQuerySet,
    Task,
)
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Service
from luukku.web.counter.frame import tabs
from luukku.web.counter.lists import show_list
from luukku.web.counter.same import AsksForSame
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.organisations.forms import (
    BusinessIdField,
)
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter, TextFilter
from luukku.web.ui.forms import Form


class OrganisationFilters(Filters):
    """By what the counter looks for an organisation."""

    state = StateFilter(OrganisationState)
    q = TextFilter(holding)
    kind = ChoiceFilter(label=gettext_lazy("Kind of organisation"), choices=Kind.choices)
    task = ChoiceFilter(
        label=gettext_lazy("What it does here"),
        choices=Task.choices,
        method=lambda rows, _name, task: rows.filter(tasks__contains=[task]),
    )


def _rows(request: Request) -> OrganisationQuerySet:
    rows = Organisation.objects.visible_to(request.user).select_related("municipality")
    return with_open_orders(rows)


ORGANISATIONS = Listing(
    name="organisations",
    title=gettext_lazy("Organisations"),
    rows=_rows,
    filters=OrganisationFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Organisation"),
            lambda row: row.name,
            order=in_finnish("name"),
            names_row=True,
        ),
        Column(
            "kind",
            gettext_lazy("Kind"),
            lambda row: row.get_kind_display(),
            order=lambda: by_label("kind", Kind),
        ),
        Column(
            "place",
            gettext_lazy("Municipality"),
            lambda row: row.municipality and row.municipality.name,
            order=in_finnish("municipality__name_fi"),
            is_plain=True,
        ),
        Column(
            "tasks",
            gettext_lazy("What it does here"),
            lambda row: [Task(task).label for task in row.tasks],
        ),
        Column(
            "open_orders", gettext_lazy("Open orders"), lambda row: row.open_orders, "open_orders"
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.state_label,
            order=lambda: by_label("state", OrganisationState),
            shows=tags.state,
            is_plain=True,
        ),
    ),
    order="name",
    url=lambda row: reverse("counter:organisation", args=[row.pk]),
)


@page("coordinator")
def organisations(request: Request) -> HttpResponse:
    """All organisations by name."""
    return show_list(
        request,
        ORGANISATIONS,
        empty=_("No organisations here."),
        acts=[
            (reverse("counter:organisation-new"), _("New organisation")),
            (reverse("counter:backgrounds"), _("Background organisations")),
            (reverse("counter:programmes"), _("Programmes of training")),
        ],
    )


class NewOrganisationForm(AsksForSame, Form):
    """An organisation that the counter registers."""

    watched_as, watched = "organisation", ("name", "business_id")
    same_row = "counter/organisations/_same.html"
    another = gettext_lazy("This is another organisation. Register it all the same.")

    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=150)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of organisation"), choices=Kind.choices)
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("What it does here"),
        widget=forms.CheckboxSelectMultiple,
        choices=Task.choices,
    )
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"), queryset=None, required=False
    )

    business_id = BusinessIdField()
    services = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"),
        queryset=Service.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_municipalities(self.fields["municipality"])

    def find_same(self, cleaned: dict[str, Any]) -> OrganisationQuerySet:
        """Return the organisations with the same business ID, or with the same name or almost that."""
        return alike(name=cleaned.get("name", ""), business_id=cleaned.get("business_id", ""))


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Register an organisation for somebody."""
    form = NewOrganisationForm(data_of(request))
    context = {
        "form": form,
        "title": _("New organisation"),
        "back": reverse("counter:organisations"),
        "back_label": _("Organisations"),
        "tabs": tabs(request, "organisations"),
    }
    return form_act(
        request,
        actions.register,
        form=form,
        page=lambda status: render(request, "counter/new.html", context, status=status),
        to=lambda made: see_other("counter:organisation", made.pk),
    )
