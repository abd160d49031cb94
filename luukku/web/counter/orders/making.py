"""Orders that the counter makes on behalf of somebody."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.orders import actions
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.states import OrganisationState
from luukku.web.counter.common import tabs
from luukku.web.counter.orders.common import find_order
from luukku.web.http import page, see_other
from luukku.web.order_forms import STEPS
from luukku.web.ui.forms import Form
from luukku.web.wizard import Wizard


class OnBehalfForm(Form):
    """For whom the counter makes an order."""

    contact = forms.ModelChoiceField(
        label=gettext_lazy("Who orders"),
        queryset=None,
        help_text=gettext_lazy(
            "People who order for an organisation. Add a person and an organisation first if needed."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = (
            Membership.objects.filter(role=MemberRole.ORDERER)
            .exclude(organisation__state=OrganisationState.ENDED)
            .select_related("user", "organisation")
            .order_by(in_finnish("organisation__name"), in_finnish("user__name"))
        )
        self.fields["contact"].label_from_instance = lambda m: (
            f"{m.organisation.name}: {m.user.name}"
        )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: HttpRequest) -> HttpResponse:
    """Make an order for somebody who calls or writes on paper."""
    form = OnBehalfForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["contact"]
        order = actions.start(
            by=request.user,
            at=timezone.now(),
            organisation=member.organisation,
            contact=member.user,
        )
        return see_other("counter:order-step", order.pk, "what")
    context = {"form": form, "tabs": tabs(request, "orders")}
    return render(
        request, "counter/order_new.html", context, status=422 if request.method == "POST" else 200
    )


def _wizard(request: HttpRequest, pk: int) -> Wizard:
    return Wizard(
        request, find_order(pk), "counter", "ui/desk.html", request.user, tabs(request, "orders")
    )


@page("coordinator", methods=("GET", "POST"))
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of an order made on behalf of somebody."""
    if step not in STEPS:
        raise Http404
    return _wizard(request, pk).step(step)


@page("coordinator", methods=("GET", "POST"))
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step of an order made on behalf of somebody."""
    return _wizard(request, pk).check()
