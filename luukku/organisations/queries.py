"""Who stands for which organisation, and which ones may be the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.asked import asked_once
from luukku.core.compiled import Given, objects_once
from luukku.core.ordering import folded, in_finnish
from luukku.organisations.models import (
    MemberRole,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    Task,
    Unit,
)
from luukku.organisations.states import JOIN, OrganisationState


@asked_once
def stands_for(user: User, organisation: Organisation | int | None, role: MemberRole) -> bool:
    """Return whether ``user`` has ``role`` in ``organisation`` (itself or its key) and it gives rights now."""
    standing = Membership.objects.standing(role)
    return standing.filter(user_id=user.pk, organisation=organisation).exists()


def the_counter() -> Organisation | None:
    """Return the organisation that runs the counter, the one that began first where there are several."""
    rows = Organisation.objects.vetted().filter(tasks__contains=[Task.COORDINATES])
    return rows.order_by("pk").first()


def holders_of(role: MemberRole) -> models.QuerySet[Membership, Any]:
    """Return the keys of the people who have ``role`` in some organisation."""
    return Membership.objects.filter(role=role).values("user")


def stand_behind(organisations: OrganisationQuerySet) -> MembershipQuerySet:
    """Return who may answer for an expert in one of ``organisations``, by organisation and name."""
    present = Membership.objects.present().filter(role=MemberRole.BACKGROUND)
    memberships = present.filter(organisation__in=organisations).select_related(
        "user", "organisation"
    )
    return memberships.order_by(in_finnish("organisation__name"), in_finnish("user__name"), "pk")


def people_of(memberships: MembershipQuerySet) -> models.QuerySet[User]:
    """Return whose ``memberships`` are, by name."""
    return User.objects.filter(pk__in=memberships.values("user")).order_by(in_finnish("name"))


@asked_once
def leads(user: User, organisation_id: int, role: MemberRole) -> bool:
    """Return whether ``user`` is the organisation's contact person in ``role`` now."""
    standing = Membership.objects.standing(role).filter(user_id=user.pk, is_contact=True)
    return standing.filter(organisation_id=organisation_id).exists()


def orderers_of(organisation: Organisation | int | None) -> models.QuerySet[User]:
    """Return who orders for the organisation (itself or its key) now, in the order of names."""
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(organisation=organisation)
    return User.objects.filter(pk__in=standing.values("user")).order_by(in_finnish("name"), "pk")


def orders_already_for(email: str) -> OrganisationQuerySet:
    """Return the organisations for which the open account of ``email`` orders, by name; none without one.

    Only for whoever has shown that the address is theirs: it tells that there is an account.
    """
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(user__email=email)
    rows = Organisation.objects.filter(pk__in=standing.values("organisation"))
    return rows.order_by(in_finnish("name"), "pk")


def is_vetted_orderer(user: User) -> bool:
    """Return whether ``user`` orders for an organisation that the counter has checked."""
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(user=user)
    return standing.filter(organisation__state=OrganisationState.VETTED).exists()


def memberships_of(user: User) -> list[Membership]:
    """Return the roles of ``user`` with their organisations, in a fixed order."""
    return _memberships(user=user.pk)


@objects_once
def _memberships() -> models.QuerySet[Membership]:
    return (
        Membership.objects.standing()
        .filter(user=Given("user", models.BigIntegerField()))
        .select_related("organisation")
        .order_by(in_finnish("organisation__name"), "role", "pk")
    )


def organisations_same(*, name: str, business_id: str = "") -> OrganisationQuerySet:
    """Return organisations, ended ones too, with the same name or business ID, by name."""
    is_same = Q(plain=folded(Value(name))) if name else Q(pk=None)
    if business_id:
        is_same |= Q(business_id=business_id)
    rows = Organisation.objects.alias(plain=folded(F("name"))).filter(is_same)
    return rows.select_related("municipality").order_by(in_finnish("name"), "pk")


def may_stand_behind(*, kept: int | None = None) -> OrganisationQuerySet:
    """Return whom an expert may name as standing behind them, the one ``kept`` from before among them."""
    offered = Organisation.objects.vetted().filter(tasks__contains=[Task.BACKGROUND])
    named = Organisation.objects.filter(pk__in=[] if kept is None else [kept])
    return (offered | named).order_by(in_finnish("name"), "pk")


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of the organisations with these ids; one query."""
    rows = Organisation.objects.filter(pk__in={one for one in ids if one}).order_by("pk")
    return dict(rows.values_list("pk", "name"))


def may_be_same(organisation: Organisation) -> list[Organisation]:
    """Return which others an organisation that only orders may be one with, while nobody has refused it.

    They have its name or its business ID; to one that waits, those are added that were checked and for which one
    of its own people orders (``shares_orderer``): who ordered as a guest may have named it anew. One that has
    been checked itself may be one with those only that were checked and are older: its orders go on among the
    checked, and of two one is the first.
    """
    if organisation.tasks != [Task.ORDERS] or organisation.state not in JOIN.sources:
        return []
    ordering = Membership.objects.standing(MemberRole.ORDERER)
    people = ordering.filter(organisation=organisation).values("user")
    theirs = ordering.filter(user__in=people, organisation__state=OrganisationState.VETTED)
    same = organisations_same(name=organisation.name, business_id=organisation.business_id)
    is_like = Q(pk__in=same.order_by().values("pk"))
    if organisation.state == OrganisationState.WAITING:
        is_like |= Q(pk__in=theirs.values("organisation"))
    like_ones = Organisation.objects.filter(is_like).select_related("municipality")
    like_ones = like_ones.annotate(shares_orderer=Q(pk__in=theirs.values("organisation")))
    like_ones = like_ones.exclude(pk=organisation.pk).exclude(state=OrganisationState.ENDED)
    if organisation.state == OrganisationState.VETTED:
        like_ones = like_ones.vetted().filter(pk__lt=organisation.pk)
    return list(like_ones.order_by(in_finnish("name"), "pk"))


def why_not_joined(new: Organisation, into: Organisation) -> str:
    """Return why ``new`` cannot become one with ``into``, and what helps; "" if it can.

    The one that goes on has been checked if one of them has, and does at least what the other does: nobody stands
    for a task of an organisation unseen.
    """
    if new == into:
        return _("This is the same organisation.")
    if new.state not in JOIN.sources:
        return _("The organisation has ended, or was not accepted.")
    if into.state not in JOIN.sources:
        return _("The one that should go on has ended, or was not accepted. Open it again first.")
    if new.state == OrganisationState.VETTED and into.state != OrganisationState.VETTED:
        return _("The one that has been checked must go on. Turn the two round.")
    if lacking := [str(Task(task).label) for task in new.tasks if task not in into.tasks]:
        return _(
            "The one that goes on must do what the other does. Add this to it first: %(tasks)s."
        ) % {"tasks": ", ".join(lacking)}
    return ""


def has_anybody(organisation: Organisation, role: MemberRole) -> bool:
    """Return whether somebody stands for ``organisation`` in ``role`` now."""
    return Membership.objects.standing(role).filter(organisation=organisation).exists()


def contact_of(organisation: Organisation, role: MemberRole | None = None) -> User | None:
    """Return the named contact person (in ``role``); None is an alert, not a detail (measure 1.2)."""
    named = _contacts(organisation=organisation.pk)
    return next((one.user for one in named if role in {None, one.role}), None)


@objects_once
def _contacts() -> models.QuerySet[Membership]:
    here = Given("organisation", models.BigIntegerField())
    rows = Membership.objects.filter(organisation=here, is_contact=True)
    return rows.select_related("user").order_by("pk")


def unit_called(organisation: Organisation, name: str | None) -> Unit | None:
    """Return the unit of the organisation called ``name``; None for nothing.

    Raises:
        Unit.DoesNotExist: there is none.
    """
    if not name:
        return None
    unit = organisation.units.filter(name=name).first()
    if unit is None:
        raise Unit.DoesNotExist(f"{organisation.name} has no unit called {name!r}.")
    return unit
