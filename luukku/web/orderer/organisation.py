"""The organisation's desk: what waits, who we are, whom we stand behind."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.experts.models import Expert
from luukku.feedback.queries import awaiting_feedback, awaiting_what_changed
from luukku.orders.models import Order
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.organisations import actions
from luukku.organisations.models import Kind, MemberRole, Organisation, Task, Unit
from luukku.organisations.queries import contact_of
from luukku.web.http import SIGNED_IN, Standing, page, see_other
from luukku.web.order_forms import municipalities
from luukku.web.orderer.common import ANY_ROLE, own_roles, tabs
from luukku.web.ui.forms import Form, ModelForm


@page(*ANY_ROLE)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the organisation."""
    ours = Standing.of(request).membership.organisation
    roles = own_roles(request)
    orders = Order.objects.filter(organisation=ours).select_related("task_type").prefetch_related("times")
    context = {
        "organisation": ours, "tabs": tabs(request, "desk"), "may_order": MemberRole.ORDERER in roles,
        "stands_behind": MemberRole.BACKGROUND in roles, "contact": contact_of(ours),
    }
    if MemberRole.ORDERER in roles:
        counts = dict(orders.values_list("state").annotate(n=Count("pk")).order_by("state"))
        context |= {
            "drafts": orders.in_state(OrderState.DRAFT).order_by("-pk")[:5],
            "open_orders": orders.filter(state__in=OPEN_STATES).order_by("-pk")[:10],
            "to_tell": [t for t in awaiting_feedback(request.user) if t.order.contact_id == request.user.pk],
            "to_change": awaiting_what_changed(request.user),
            "done": counts.get("done", 0) + counts.get("closed", 0), "open": sum(counts.get(s, 0) for s in OPEN_STATES),
        }
    if MemberRole.BACKGROUND in roles:
        context["unnamed"] = Expert.objects.filter(background_organisation=ours, responsible_person=None).count()
    return render(request, "orderer/desk.html", context)


class FoundForm(Form):
    """An organisation's name, kind and what it does here."""

    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=150)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of organisation"), choices=Kind.choices)
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("What brings you here?"), widget=forms.CheckboxSelectMultiple,
        choices=[(t.value, t.label) for t in (Task.ORDERS, Task.BACKGROUND, Task.TRAINS)],
    )
    municipality = forms.ModelChoiceField(label=gettext_lazy("Municipality"), queryset=None, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()


@page(SIGNED_IN, methods=("GET", "POST"))
def found(request: HttpRequest) -> HttpResponse:
    """Register an organisation; the counter checks it."""
    form = FoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ours = actions.found(**form.cleaned_data, by=request.user, at=timezone.now(), for_user=request.user)
        request.session["organisation"] = ours.pk
        messages.success(request, _("Thank you. The counter checks your organisation; you can already prepare an order."))
        return see_other("orderer:desk")
    return render(request, "orderer/found.html", {"form": form}, status=422 if request.method == "POST" else 200)


class OrganisationForm(ModelForm):
    """Name and place."""

    class Meta:
        model = Organisation
        fields = ("name", "municipality")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()


class UnitForm(ModelForm):
    """A part of the organisation."""

    class Meta:
        model = Unit
        fields = ("name",)


@page(*ANY_ROLE, methods=("GET", "POST"))
def organisation(request: HttpRequest) -> HttpResponse:
    """Who we are; members and units."""
    ours = Standing.of(request).membership.organisation
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=ours)
    if request.method == "POST" and form.is_valid():
        actions.edit(Organisation.objects.get(pk=ours.pk), **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return see_other("orderer:organisation")
    context = {
        "form": form, "organisation": ours, "tabs": tabs(request, "organisation"), "unit_form": UnitForm(),
        "members": ours.memberships.select_related("user").order_by("user__name", "role"),
        "units": ours.units.order_by("name"),
    }
    return render(request, "orderer/organisation.html", context, status=422 if request.method == "POST" else 200)


@page(*ANY_ROLE, methods=("POST",))
def add_unit(request: HttpRequest) -> HttpResponse:
    """Add a part of the organisation."""
    ours = Standing.of(request).membership.organisation
    form = UnitForm(request.POST)
    if form.is_valid():
        actions.add_unit(ours, name=form.cleaned_data["name"], municipality=None, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
    else:
        messages.warning(request, _("Give the unit a name of at most 150 characters."))
    return see_other("orderer:organisation")


@page("background")
def experts(request: HttpRequest) -> HttpResponse:
    """The experts behind whom the organisation stands; no themes here, only who and whether somebody answers."""
    ours = Standing.of(request).membership.organisation
    rows = (
        Expert.objects.visible_to(request.user)
        .filter(background_organisation=ours)
        .select_related("user", "responsible_person", "municipality")
        .order_by("user__name", "pk")
    )
    found_ = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "orderer/experts.html", {"experts": found_, "tabs": tabs(request, "experts")})
