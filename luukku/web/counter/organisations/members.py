"""Who stands for an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments.actions import remove_member as remove
from luukku.core.ordering import in_finnish
from luukku.core.text import clean, key_in
from luukku.orders.states import LED_STATES
from luukku.organisations import actions
from luukku.organisations.models import (
    MemberRole,
    Membership,
    Organisation,
    Unit,
)
from luukku.organisations.queries import contact_of
from luukku.web.counter.frame import counter_act, say_done, tabs
from luukku.web.counter.organisations.organisation import find_organisation
from luukku.web.counter.picking import PEOPLE
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import ContactForm
from luukku.web.parts.organisations.forms import (
    contact_question,
)
from luukku.web.ui.forms import Form
from luukku.web.ui.picks import PickForm


class MemberForm(Form):
    """In which role somebody stands for the organisation."""

    user: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        queryset=None, widget=forms.HiddenInput
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MemberRole.choices)
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=gettext_lazy("Unit"), queryset=None, required=False
    )

    def __init__(
        self, organisation: Organisation, people: QuerySet[User], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = organisation.units.order_by(in_finnish("name"))
        self.fields["user"].queryset = people


@page("coordinator", methods=("GET", "POST"))
def add_member(request: Request, pk: int) -> HttpResponse:
    """Find a person, look who it is, and let them stand for the organisation."""
    organisation, posted = find_organisation(request, pk), data_of(request)
    people = PEOPLE.rows(request.user)
    person = _person(people, request.GET.get("user", ""))
    who = PickForm(
        PEOPLE,
        people,
        posted if posted is not None and "role" not in posted else None,
        name="user",
        label=_("Name, e-mail or phone"),
    )
    if who.is_valid():
        here = reverse("counter:add-member", args=[pk])
        return SeeOther(f"{here}?user={who.picked.pk}")
    if posted is not None and "role" in posted:
        person = _person(people, posted.get("user", ""))
    form = MemberForm(organisation, people, posted, initial={"user": person}) if person else None
    if posted is not None and person and form is not None and form.is_valid():
        role, now = MemberRole(form.cleaned_data["role"]), timezone.now()
        member = actions.add_member(
            organisation,
            person,
            role=role,
            unit=form.cleaned_data["unit"],
            by=request.user,
            at=now,
            is_contact=contact_of(organisation, role) is None,
        )
        said = (
            _("%(name)s has been added.")
            if member.added_at == now
            else _("%(name)s has this role here already.")
        )
        say_done(request, said % {"name": person.name}, at=now)
        return see_other("counter:organisation", pk)
    context = {
        "organisation": organisation,
        "person": person,
        "form": form or who,
        "is_unknown": posted is not None and "role" in posted and person is None,
        "tabs": tabs(request, "organisations"),
    }
    return render(
        request, "counter/organisations/member_add.html", context, status=status_of(request)
    )


def _person(everybody: QuerySet[User], key: str) -> User | None:
    number = key_in(clean(key))
    return everybody.filter(pk=number).first() if number is not None else None


@page("coordinator", methods=("GET", "POST"))
def name_contact(request: Request, pk: int) -> HttpResponse:
    """Name the contact person, once it has been said what follows."""
    memberships = Membership.objects.select_related("organisation", "user")
    membership = fetch(memberships, pk, for_=request.user)
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
def remove_member(request: Request, pk: int) -> HttpResponse:
    """End a person's role; asks for who takes over the open orders whose contact person they are."""
    memberships = Membership.objects.select_related("organisation", "user")
    membership = fetch(memberships, pk, for_=request.user)
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


def _ask_to_remove(request: Request, membership: Membership, form: SuccessorForm) -> HttpResponse:
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
