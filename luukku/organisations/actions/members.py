"""Who stands for an organisation: units, members, contact persons."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.notices.actions import tell
from luukku.organisations.actions.common import require
from luukku.organisations.models import MemberRole, Membership, Organisation, Unit
from luukku.organisations.notices import MembershipAdded, MembershipRemoved
from luukku.taxonomy.models import Municipality


def add_unit(
    organisation: Organisation,
    *,
    name: str,
    municipality: Municipality | None,
    by: User,
    at: datetime,
) -> Unit:
    """Add a part of the organisation; one that has the same name is returned as it is."""
    require("organisations.edit", organisation, by)
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
        PermissionDenied: ``by`` is neither at the counter nor the contact person in that role. Who orders
            cannot make anybody a contact person of experts: those see the experts' names.
    """
    require("organisations.add_member", Membership(organisation=organisation, role=role), by)
    with transaction.atomic():
        return add_to(organisation, user, role=role, is_contact=is_contact, unit=unit, by=by, at=at)


def add_to(
    organisation: Organisation,
    user: User,
    *,
    role: MemberRole,
    is_contact: bool,
    unit: Unit | None,
    by: User,
    at: datetime,
) -> Membership:
    """Let ``user`` stand for the organisation; no rule is asked, twice changes nothing."""
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
    """Make this person the contact person of the organisation in the membership's role.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor the contact person who hands it on. Nobody else
            makes a contact person, least of all themselves.
    """
    require("organisations.name_contact", membership, by)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
        _make_contact(membership, by=by, at=at)
    return membership


def _make_contact(membership: Membership, *, by: User, at: datetime) -> None:
    Membership.objects.filter(
        organisation=membership.organisation, role=membership.role, is_contact=True
    ).update(is_contact=False)
    membership.is_contact = True
    membership.save(update_fields=["is_contact"])
    record("organisations.name_contact", by=by, about=membership, at=at)


def remove_member(
    membership: Membership,
    *,
    by: User,
    at: datetime,
    orders: Sequence[int] = (),
    successor: User | None = None,
    entries: Callable[[], str] = str,
) -> None:
    """End a person's role in the organisation and tell them, unless they end it themselves.

    ``assignments.actions.remove_member`` hands their orders on before it. Whoever leads them now is the contact
    person in the role where the person was.

    Args:
        orders: the numbers of the orders that the person led.
        successor: who leads them now; None where nobody has been found yet.
        entries: makes the iCalendar text that takes them out of the person's calendar.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor the contact person in that role.
    """
    # Asked once: a contact person who removes themselves has no right left when the successor has it.
    require("organisations.remove_member", membership, by)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
        if orders and successor is not None and membership.is_contact:
            heir = membership.organisation.memberships.get(user=successor, role=membership.role)
            _make_contact(heir, by=by, at=at)
        record(
            "organisations.remove_member",
            by=by,
            about=membership,
            at=at,
            data={"role": membership.role},
        )
        if membership.user_id != by.pk:
            said = MembershipRemoved(membership, orders, successor=successor, entries=entries)
            tell(said, to=membership.user, at=at)
        membership.delete()
