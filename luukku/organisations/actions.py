"""Everything that changes an organisation."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.notices.actions import tell
from luukku.organisations.models import (
    Kind,
    MemberRole,
    Membership,
    Organisation,
    Sector,
    Task,
    Unit,
)
from luukku.organisations.notices import MembershipAdded, OrganisationRefused, OrganisationVetted
from luukku.organisations.queries import stands_for
from luukku.organisations.states import END, REFUSE, VET
from luukku.taxonomy.models import Municipality, Service
from luukku.workflow.actions import moving

SECTOR_OF = {
    Kind.COUNTY: Sector.PUBLIC,
    Kind.MUNICIPALITY: Sector.PUBLIC,
    Kind.SCHOOL: Sector.PUBLIC,
    Kind.NGO: Sector.THIRD,
    Kind.PARISH: Sector.PARISH,
    Kind.COMPANY: Sector.PRIVATE,
    Kind.PROJECT: Sector.THIRD,
    Kind.OTHER: Sector.THIRD,
}
ROLE_OF = {
    Task.ORDERS: MemberRole.ORDERER,
    Task.BACKGROUND: MemberRole.BACKGROUND,
    Task.TRAINS: MemberRole.PRODUCER,
}


def found(
    *,
    name: str,
    kind: Kind,
    tasks: list[Task],
    by: User,
    at: datetime,
    sector: Sector | None = None,
    municipality: Municipality | None = None,
    services: Iterable[Service] = (),
    business_id: str = "",
    for_user: User | None = None,
) -> Organisation:
    """Register an organisation for the counter to check; ``for_user`` (or ``by``) stands for it.

    Nobody from the counter becomes a member of what they register for others.

    Raises:
        PermissionDenied: ``by`` has no account, or registers for somebody else without being at the counter.
    """
    if for_user not in (None, by) and not by.is_counter:
        raise PermissionDenied("organisations.found")
    if not by.has_perm("organisations.found"):
        raise PermissionDenied("organisations.found")
    with transaction.atomic():
        organisation = Organisation.objects.create(
            name=name,
            kind=kind,
            sector=sector or SECTOR_OF[Kind(kind)],
            tasks=list(tasks),
            municipality=municipality,
            business_id=business_id,
            made_at=at,
            state_changed_at=at,
        )
        organisation.services.set(services)
        record("organisations.found", by=by, about=organisation, at=at)
        member = for_user or (None if by.is_counter else by)
        if member is not None:
            for task in tasks:
                if task in ROLE_OF:
                    _join(
                        organisation,
                        member,
                        role=ROLE_OF[task],
                        is_contact=True,
                        unit=None,
                        by=by,
                        at=at,
                    )
    return organisation


def vet(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Let the organisation see candidates for its orders, and tell its people."""
    with moving(organisation, VET, by=by, at=at) as organisation:
        _tell_members(OrganisationVetted(organisation), organisation, at=at)
    return organisation


def refuse(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Say no to the organisation, and tell its people."""
    with moving(organisation, REFUSE, by=by, at=at) as organisation:
        _tell_members(OrganisationRefused(organisation), organisation, at=at)
    return organisation


def end(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Note that the organisation has ended; its experts keep their records and lose nothing."""
    with moving(organisation, END, by=by, at=at) as organisation:
        pass
    return organisation


def edit(
    organisation: Organisation,
    *,
    name: str,
    sector: Sector,
    municipality: Municipality | None,
    services: Iterable[Service],
    business_id: str,
    by: User,
    at: datetime,
) -> Organisation:
    """Change what an organisation is called, where it is, and in which sector and services it works."""
    _require("organisations.edit", organisation, by)
    with transaction.atomic():
        organisation.name, organisation.sector = name, sector
        organisation.municipality, organisation.business_id = municipality, business_id
        organisation.save(update_fields=["name", "sector", "municipality", "business_id"])
        organisation.services.set(services)
        record("organisations.edit", by=by, about=organisation, at=at)
    return organisation


def add_unit(
    organisation: Organisation,
    *,
    name: str,
    municipality: Municipality | None,
    by: User,
    at: datetime,
) -> Unit:
    """Add a part of the organisation; one that has the same name is returned as it is."""
    _require("organisations.edit", organisation, by)
    with transaction.atomic():
        unit, made = Unit.objects.get_or_create(
            organisation=organisation, name=name, defaults={"municipality": municipality}
        )
        if made:
            record("organisations.add_unit", by=by, about=unit, at=at)
    return unit


def add_member(
    organisation: Organisation,
    user: User,
    *,
    role: MemberRole,
    by: User,
    at: datetime,
    is_contact: bool = False,
    unit: Unit | None = None,
) -> Membership:
    """Let ``user`` stand for the organisation in ``role`` and tell them; adding twice changes nothing.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor in the same role of the organisation. Who orders
            cannot make anybody a contact person of experts: those see the experts' names.
    """
    _require("organisations.edit", organisation, by)
    if not by.is_counter and not stands_for(by, organisation, role):
        raise PermissionDenied("organisations.edit")
    with transaction.atomic():
        return _join(organisation, user, role=role, is_contact=is_contact, unit=unit, by=by, at=at)


def _join(
    organisation: Organisation,
    user: User,
    *,
    role: MemberRole,
    is_contact: bool,
    unit: Unit | None,
    by: User,
    at: datetime,
) -> Membership:
    membership, made = Membership.objects.get_or_create(
        organisation=organisation,
        user=user,
        role=role,
        defaults={"is_contact": is_contact, "unit": unit, "added_by": by, "added_at": at},
    )
    if made:
        record("organisations.add_member", by=by, about=membership, at=at, data={"role": str(role)})
        if user.pk != by.pk:
            tell(MembershipAdded(membership), to=user, at=at)
    return membership


def name_contact(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Make this person the contact person of the organisation in the membership's role."""
    _require("organisations.edit", membership.organisation, by)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
        Membership.objects.filter(
            organisation=membership.organisation, role=membership.role, is_contact=True
        ).update(is_contact=False)
        membership.is_contact = True
        membership.save(update_fields=["is_contact"])
        record("organisations.name_contact", by=by, about=membership, at=at)
    return membership


def remove_member(membership: Membership, *, by: User, at: datetime) -> None:
    """End a person's role in the organisation."""
    _require("organisations.edit", membership.organisation, by)
    with transaction.atomic():
        record(
            "organisations.remove_member",
            by=by,
            about=membership,
            at=at,
            data={"role": membership.role},
        )
        membership.delete()


def _require(perm: str, organisation: Organisation, by: User) -> None:
    if not by.has_perm(perm, organisation):
        raise PermissionDenied(perm)


def _tell_members(
    notice: OrganisationVetted | OrganisationRefused, organisation: Organisation, *, at: datetime
) -> None:
    for user in organisation.members.distinct().order_by("pk"):
        tell(notice, to=user, at=at)
