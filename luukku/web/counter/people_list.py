"""The list of people at the counter, closed accounts among them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import AddressChange, Role, User
from luukku.accounts.queries import person_said, with_opening
from luukku.core.ordering import by_surname, in_finnish
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.queries import holders_of
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, TextFilter

EXPERT = "expert"


def _in_role(rows: QuerySet[User], _name: str, role: str) -> QuerySet[User]:
    if role == EXPERT:
        return rows.filter(expert__isnull=False)
    if role in MemberRole.values:
        return rows.filter(pk__in=holders_of(MemberRole(role)))
    return rows.filter(roles__contains=[role])


SAID = TextFilter(
    lambda rows, words: rows.filter(person_said(words)),
    help_text=gettext_lazy("Name, e-mail or phone."),
)


class PeopleFilters(Filters):
    """By what the counter looks for a person."""

    q = SAID
    role = ChoiceFilter(
        label=gettext_lazy("Role"),
        choices=[(EXPERT, gettext_lazy("Expert")), *MemberRole.choices, *Role.choices],
        method=_in_role,
    )


def with_organisations(people: QuerySet[User], *, for_: User) -> QuerySet[User]:
    """Return ``people``, each with the memberships that ``for_`` may see, by the organisations' names."""
    behind = Membership.objects.visible_to(for_).select_related("organisation")
    behind = behind.order_by(in_finnish("organisation__name"), "pk")
    return people.prefetch_related(Prefetch("memberships", queryset=behind))


def organisations_of(person: User) -> list[str]:
    """Return the names of the organisations of somebody from ``with_organisations``."""
    return list(dict.fromkeys(one.organisation.name for one in person.memberships.all()))


def _rows(request: Request) -> QuerySet[User]:
    rows = User.objects.visible_to(request.user).select_related("expert")
    return with_organisations(rows, for_=request.user)


def _roles(person: User) -> list[str]:
    """Return what somebody is here: at the counter, as an expert, in organisations."""
    roles = list(person.role_names)
    if hasattr(person, "expert"):
        roles.append(_("Expert"))
    roles += [str(one.get_role_display()) for one in person.memberships.all()]
    return list(dict.fromkeys(roles))


PEOPLE = Listing(
    name="people",
    title=gettext_lazy("People"),
    rows=_rows,
    filters=PeopleFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda row: row.name,
            order=by_surname("name"),
            names_row=True,
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            lambda row: row.phone,
            shows=tags.phone,
            is_plain=True,
        ),
        Column(
            "email",
            gettext_lazy("E-mail"),
            lambda row: row.email or _("no e-mail"),
            order="email",
            is_plain=True,
        ),
        Column("organisations", gettext_lazy("Organisations"), organisations_of, is_plain=True),
        Column("roles", gettext_lazy("Roles"), _roles, is_plain=True),
        Column(
            "account",
            gettext_lazy("User account"),
            lambda row: "" if row.is_active else _("Closed account"),
            order="is_active",
            is_plain=True,
        ),
    ),
    order="name",
    url=lambda row: reverse("counter:person", args=[row.pk]),
)


@page("coordinator", "admin")
def people(request: Request) -> HttpResponse:
    """Everybody with an account, by name; to administrators also whose address waits for a change."""
    changes = with_opening(AddressChange.objects.visible_to(request.user).waiting())
    acts = [
        (reverse("counter:person-new"), _("New person")),
        (reverse("counter:wide-readers"), _("Who reads many cards")),
    ]
    return show_list(
        request,
        PEOPLE,
        empty=_("Nobody found."),
        acts=acts if request.user.is_counter else (),
        template="counter/people/list.html",
        changes=changes.select_related("user")[:20] if request.user.is_admin else [],
    )
