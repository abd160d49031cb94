"""Every organisation, and a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.organisations import actions
from luukku.organisations.models import (
    Kind,
    Organisation,
    OrganisationQuerySet,
    Task,
)
from luukku.organisations.queries import organisations_same
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Service
from luukku.web.counter.frame import searched, tabs
from luukku.web.counter.same import AsksForSame
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.organisations.forms import (
    BusinessIdField,
)
from luukku.web.parts.taxonomy.choices import municipalities
from luukku.web.ui.forms import Form


@page("coordinator")
def organisations(request: Request) -> HttpResponse:
    """All organisations by state or name."""
    rows = Organisation.objects.visible_to(request.user).select_related("municipality")
    state, words = request.GET.get("state", ""), searched(request)
    if state in OrganisationState.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(name__icontains=words)
    found = Paginator(rows.order_by(in_finnish("name"), "pk"), 30).get_page(request.GET.get("page"))
    context = {
        "organisations": found,
        "tabs": tabs(request, "organisations"),
        "states": OrganisationState.choices,
        "state": state,
        "words": words,
    }
    return render(request, "counter/organisations/list.html", context)


class NewOrganisationForm(AsksForSame, Form):
    """An organisation that the counter registers."""

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
        self.fields["municipality"].queryset = municipalities()

    def find_same(self, cleaned: dict[str, Any]) -> OrganisationQuerySet:
        """Return the organisations with the same name or business ID."""
        return organisations_same(
            name=cleaned.get("name", ""), business_id=cleaned.get("business_id", "")
        )


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
        actions.found,
        form=form,
        page=lambda status: render(request, "counter/new.html", context, status=status),
        to=lambda made: see_other("counter:organisation", made.pk),
    )
