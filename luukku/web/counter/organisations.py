"""Organisations at the counter."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.accounts.queries import people_like
from luukku.assignments.actions import (
    OrdersOpen,
    end_organisation,
)
from luukku.assignments.actions import remove_member as remove
from luukku.core.ordering import in_finnish
from luukku.core.text import clean
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.orders.actions import join_organisation
from luukku.orders.states import LED_STATES, OPEN_STATES
from luukku.organisations import actions
from luukku.organisations.models import (
    ChangeAsked,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    OrganisationQuerySet,
    Task,
)
from luukku.organisations.queries import contact_of, may_be_same, organisations_same
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Service
from luukku.web.counter.frame import counter_act, say_done, searched, tabs
from luukku.web.counter.refusing import require_asked
from luukku.web.counter.same import AsksForSame
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.parts.assignments.forms import ContactForm
from luukku.web.parts.organisations.forms import (
    BusinessIdField,
    DetailsForm,
    UnitForm,
    contact_question,
)
from luukku.web.parts.taxonomy.choices import municipalities
from luukku.web.ui.forms import Form


@page("coordinator")
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations by state or name."""
    rows = Organisation.objects.select_related("municipality")
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
    return render(request, "counter/organisations.html", context)


class NewForm(AsksForSame, Form):
    """An organisation that the counter registers."""

    same_row = "counter/_same_organisation.html"
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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()

    def find_same(self, cleaned: dict[str, object]) -> OrganisationQuerySet:
        """Return the organisations with the same name or business ID."""
        return organisations_same(
            name=cleaned.get("name", ""), business_id=cleaned.get("business_id", "")
        )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation for somebody."""
    form = NewForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        made = actions.found(**form.cleaned_data, by=request.user, at=timezone.now())
        return see_other("counter:organisation", made.pk)
    context = {
        "form": form,
        "title": _("New organisation"),
        "back": reverse("counter:organisations"),
        "back_label": _("Organisations"),
        "tabs": tabs(request, "organisations"),
    }
    return render(
        request, "counter/new.html", context, status=422 if request.method == "POST" else 200
    )


class MemberForm(Form):
    """In which role somebody stands for the organisation."""

    user = forms.ModelChoiceField(queryset=None, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MemberRole.choices)
    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=None, required=False)

    def __init__(self, organisation: Organisation, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = organisation.units.order_by(in_finnish("name"))
        self.fields["user"].queryset = User.objects.filter(is_machine=False, is_active=True)


class EndForm(Form):
    """Why the open orders end with the organisation."""

    reason = forms.CharField(
        label=gettext_lazy("Why do the open orders end?"),
        max_length=500,
        widget=forms.Textarea,
        help_text=gettext_lazy("Orderers and experts read this in the letter that tells of it."),
    )


def _organisation(pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("municipality"), pk=pk)


@page("coordinator")
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: state, details, people, units, alert when nobody is the contact."""
    return _page(request, _organisation(pk))


def _page(
    request: HttpRequest, found: Organisation, *, unit_form: UnitForm | None = None
) -> HttpResponse:
    context = {
        "organisation": found,
        "asked": ChangeAsked.objects.filter(organisation=found).select_related("asked_by").first(),
        "unit_form": unit_form or UnitForm(),
        "services": found.services.all(),
        "tasks": [Task(task).label for task in found.tasks],
        "tabs": tabs(request, "organisations"),
        "contact": contact_of(found),
        "same": may_be_same(found),
        "members": found.memberships.select_related("user", "unit").order_by(
            in_finnish("user__name"), "role"
        ),
        "units": found.units.select_related("municipality").order_by(in_finnish("name")),
        "orders": found.orders.annotate(goes_on=Q(state__in=OPEN_STATES)).order_by(
            "-goes_on", "-pk"
        )[:10],
    }
    status = 200 if unit_form is None else 422
    return render(request, "counter/organisation.html", context, status=status)


@page("coordinator", methods=("GET", "POST"))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation's details on behalf of its people."""
    found = _organisation(pk)
    form = DetailsForm(data_of(request), instance=found)
    if request.method == "POST" and form.is_valid():
        actions.edit(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return see_other("counter:organisation", pk)
    context = {
        "form": form,
        "title": _("Details of the organisation"),
        "back": reverse("counter:organisation", args=[pk]),
        "back_label": _("Organisation"),
        "tabs": tabs(request, "organisations"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "counter/new.html", context, status=status)


@page("coordinator", methods=("POST",), makes_one=True)
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a part of the organisation."""
    found = _organisation(pk)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _page(request, found, unit_form=form)
    actions.add_unit(found, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The unit has been added."))
    return see_other("counter:organisation", pk)


@page("coordinator", methods=("POST",))
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Vet or open again."""
    vet = partial(actions.vet, is_another="another" in request.POST)
    acts = {
        "vet": (vet, _("Checked. It can order now.")),
        "reopen": (
            actions.reopen,
            _("Open again. Before it can order, check it and press “Mark as checked”."),
        ),
    }
    if move not in acts:
        raise Http404
    act, done = acts[move]
    found = get_object_or_404(Organisation, pk=pk)
    return counter_act(request, act, found, done=done, to=see_other("counter:organisation", pk))


@page("coordinator", methods=("GET", "POST"))
def join(request: HttpRequest, pk: int, into: int) -> HttpResponse:
    """Make an organisation that came a second time one with the first, once it has been said what follows."""
    new = _organisation(pk)
    first = next((one for one in may_be_same(new) if one.pk == into), None)
    if first is None:
        return see_other("counter:organisation", pk)
    return counter_act(
        request,
        join_organisation,
        new,
        first,
        page=lambda status: render(
            request,
            "counter/organisation_join.html",
            {
                "new": new,
                "first": first,
                "people": new.members.distinct().order_by(in_finnish("name"), "pk"),
                "orders": new.orders.order_by("pk"),
                "tabs": tabs(request, "organisations"),
            },
            status=status,
        ),
        done=_("The orders and people are with this organisation now."),
        to=lambda _joined: see_other("counter:organisation", into),
        back=see_other("counter:organisation", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an organisation, once it has been said what follows."""
    found = _organisation(pk)
    going_on = list(found.orders.filter(state__in=OPEN_STATES).order_by("pk"))
    form = EndForm(data_of(request)) if going_on else None
    return counter_act(
        request,
        end_organisation,
        found,
        form=form,
        page=lambda status: render(
            request,
            "counter/organisation_end.html",
            {
                "organisation": found,
                "form": form,
                "orders": going_on,
                "members": found.members.distinct().count(),
                "experts": Expert.objects.filter(background_organisation=found)
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
def accept_change(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """Let a new name, kind, sector or business ID hold."""
    found = ChangeAsked.objects.filter(pk=asked, organisation=_organisation(pk)).first()
    return counter_act(
        request,
        actions.accept_change,
        found,
        ready=partial(require_asked, found),
        done=_("Saved. Whoever asked for the change is told."),
        to=see_other("counter:organisation", pk),
    )


MOST_FOUND = 20


@page("coordinator", methods=("GET", "POST"))
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a person, look who it is, and let them stand for the organisation."""
    found, words = _organisation(pk), searched(request)
    posted = data_of(request)
    person = _person((posted or request.GET).get("user", ""))
    form = MemberForm(found, posted, initial={"user": person}) if person else None
    if posted is not None and form is not None and form.is_valid():
        role, now = MemberRole(form.cleaned_data["role"]), timezone.now()
        actions.add_member(
            found,
            person,
            role=role,
            unit=form.cleaned_data["unit"],
            by=request.user,
            at=now,
            is_contact=contact_of(found, role) is None,
        )
        say_done(request, _("%(name)s has been added.") % {"name": person.name}, at=now)
        return see_other("counter:organisation", pk)
    people = people_like(words)[: MOST_FOUND + 1] if words and person is None else ()
    context = {
        "organisation": found,
        "person": person,
        "form": form,
        "words": words,
        "people": people[:MOST_FOUND],
        "is_unknown": posted is not None and person is None,
        "has_more": len(people) > MOST_FOUND,
        "tabs": tabs(request, "organisations"),
    }
    status = 200 if posted is None else 422
    return render(request, "counter/member_add.html", context, status=status)


def _person(key: str) -> User | None:
    try:
        return User.objects.get(pk=int(clean(key)), is_machine=False, is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None


@page("coordinator", methods=("GET", "POST"))
def name_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the contact person, once it has been said what follows."""
    membership = get_object_or_404(Membership.objects.select_related("organisation", "user"), pk=pk)
    back = reverse("counter:organisation", args=[membership.organisation_id])
    return counter_act(
        request,
        actions.name_contact,
        membership,
        page=lambda _status: ask_first(
            request, tabs(request, "organisations"), **contact_question(membership, back=back)
        ),
        to=SeeOther(back),
    )


@page("coordinator", methods=("GET", "POST"))
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's role; asks for who takes over the open orders whose contact person they are."""
    membership = get_object_or_404(Membership.objects.select_related("organisation", "user"), pk=pk)
    given = data_of(request) if "contact" in request.POST else None
    form = SuccessorForm(membership.organisation_id, membership.user_id, given)
    return counter_act(
        request,
        remove,
        membership,
        form=None if given is None else form,
        page=lambda _status: _ask_to_remove(request, membership, form),
        done=_("%(name)s has been removed.") % {"name": membership.user.name},
        to=see_other("counter:organisation", membership.organisation_id),
        back=see_other("counter:remove-member", pk),  # which asks for a successor
    )


class SuccessorForm(ContactForm):
    """Who leads the open orders from now on."""

    def arguments(self) -> dict[str, object]:
        """Return the successor."""
        return {"successor": self.cleaned_data["contact"]}


def _ask_to_remove(
    request: HttpRequest, membership: Membership, form: SuccessorForm
) -> HttpResponse:
    name, organisation = membership.user.name, membership.organisation
    leads = (
        membership.role == MemberRole.ORDERER
        and organisation.orders.filter(contact=membership.user_id, state__in=LED_STATES).exists()
    )
    has_heir = leads and form.fields["contact"].queryset.exists()
    return ask_first(
        request,
        tabs(request, "organisations"),
        title=_("Remove %(name)s?") % {"name": name},
        lead=f"{organisation.name} · {membership.get_role_display()}",
        follows=[
            _("%(name)s no longer sees or does anything for %(organisation)s in this role.")
            % {"name": name, "organisation": organisation.name},
            _("%(name)s leads open orders. Choose below who takes them over.") % {"name": name}
            if has_heir
            else "",
            _(
                "%(name)s leads open orders, and nobody else orders for the organisation: the orders stay"
                " with %(name)s, and the queue shows that they need another contact person."
            )
            % {"name": name}
            if leads and not has_heir
            else "",
            _("Whom you choose becomes the contact person of the organisation, too.")
            if has_heir and membership.is_contact
            else "",
            _("%(name)s is told by a letter.") % {"name": name},
            _("The role can be given again later."),
        ],
        label=_("Hand on and remove") if has_heir else _("Remove from the organisation"),
        back=reverse("counter:organisation", args=[organisation.pk]),
        keep=_("Keep in the organisation"),
        form=form if has_heir else None,
    )
