"""Registering an organisation, with whom it begins."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.actions import make_person
from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.organisations.actions.members import add_member, add_to
from luukku.organisations.models import Kind, MemberRole, Membership, Organisation, Sector, Task
from luukku.taxonomy.models import Municipality, Service

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


def register(
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
        raise PermissionDenied("organisations.register")
    if not by.has_perm("organisations.register"):
        raise PermissionDenied("organisations.register")
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
        record("organisations.register", by=by, about=organisation, at=at)
        member = for_user or (None if by.is_counter else by)
        roles = [ROLE_OF[task] for task in tasks if task in ROLE_OF]
        if member is not None:
            for role in roles:
                add_to(organisation, member, role=role, is_contact=True, unit=None, by=by, at=at)
    return organisation


class MayBeSame(Refused):
    """The counter knows an organisation that this one may be: say first whether it is another."""

    words = _(
        "The counter may know this organisation already. Look first: join the two, or press “It is another one”."
    )


def take_caller(
    *,
    person: User | None,
    name: str,
    phone: str,
    email: str,
    organisation: Organisation | None,
    organisation_name: str,
    kind: str,
    by: User,
    at: datetime,
) -> Membership:
    """Return the role by which a caller orders; account, organisation and role are made where missing.

    Args:
        person: the known caller; None makes an account of ``name``, ``phone`` and ``email``.
        organisation: the known one; None registers one of ``organisation_name`` and ``kind``.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        EmailTaken: somebody has that e-mail address already.
    """
    with transaction.atomic():
        caller = person or make_person(name=name, phone=phone, email=email, by=by, at=at)
        if organisation is None:
            organisation = register(
                name=organisation_name,
                kind=Kind(kind),
                tasks=[Task.ORDERS],
                by=by,
                at=at,
                for_user=caller,
            )
        # Nobody becomes a known organisation's contact person by calling: that one is named.
        return add_member(organisation, caller, role=MemberRole.ORDERER, by=by, at=at)
