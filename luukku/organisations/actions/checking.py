"""Everything that changes an organisation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.actions import make_person
from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.organisations.models import (
    BINDING,
    ChangeAsked,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    Sector,
    Task,
    Unit,
)
from luukku.organisations.notices import (
    AboutOrganisation,
    ChangeAccepted,
    ChangeRefused,
    MembershipAdded,
    MembershipRemoved,
    OrganisationEnded,
    OrganisationRefused,
    OrganisationReopened,
    OrganisationVetted,
)
from luukku.organisations.queries import may_be_same
from luukku.organisations.states import END, JOIN, REFUSE, REOPEN, VET, OrganisationState
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


class MayBeSame(Refused):
    """The counter knows an organisation that this one may be: say first whether it is another."""

    words = _(
        "The counter may know this organisation already. Look first: join the two, or press “It is another one”."
    )


def vet(
    organisation: Organisation, *, by: User, at: datetime, is_another: bool = False
) -> Organisation:
    """Let the organisation see candidates for its orders, and tell its people.

    Args:
        is_another: it has been looked at beside those that it may be one with, and is none of them.

    Raises:
        PermissionDenied, WrongState: as in ``moving``.
        MayBeSame: the counter knows one that it may be, and nobody has said that it is another.
    """
    with moving(organisation, VET, by=by, at=at) as organisation:
        if not is_another and may_be_same(organisation):
            raise MayBeSame
        organisation.refused_because = ""
        _tell_members(OrganisationVetted(organisation), organisation, at=at)
    return organisation


def refuse(organisation: Organisation, *, reason: str, by: User, at: datetime) -> Organisation:
    """Say no to the organisation, and tell its people why; ``reopen`` takes it back."""
    with moving(organisation, REFUSE, by=by, at=at) as organisation:
        organisation.refused_because = reason
        _tell_members(OrganisationRefused(organisation), organisation, at=at)
    return organisation


def end(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Note that the organisation has ended and tell its people; experts keep their records and lose nothing.

    ``assignments.actions.end_organisation`` ends its open orders first.
    """
    with moving(organisation, END, by=by, at=at) as organisation:
        ChangeAsked.objects.filter(organisation=organisation).delete()
        organisation.refused_because = ""
        _tell_members(OrganisationEnded(organisation), organisation, at=at)
    return organisation


def join(new: Organisation, into: Organisation, *, by: User, at: datetime) -> Organisation:
    """Let the people of ``new``, which came a second time, stand for ``into``, and tell them; ``new`` ends.

    ``orders.actions.join_organisation`` moves its orders with it.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: ``new`` has ended, or has not been accepted.
        ValueError: ``into`` is none of ``may_be_same(new)``.
    """
    with transaction.atomic():
        both = Organisation.objects.filter(pk__in=[new.pk, into.pk]).order_by("pk")
        locked = {one.pk: one for one in both.select_for_update(no_key=True)}
        with moving(new, JOIN, by=by, at=at, data={"into": into.pk}) as new:
            into = locked[into.pk]
            if into not in may_be_same(new):
                raise ValueError(into.pk)
            ChangeAsked.objects.filter(organisation=new).delete()
            for member in new.memberships.select_related("user").order_by("pk"):
                add_member(into, member.user, role=MemberRole(member.role), by=by, at=at)
    return into


def reopen(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Let an organisation that was ended or refused wait to be checked again; its people are as they were."""
    with moving(organisation, REOPEN, by=by, at=at) as organisation:
        organisation.refused_because = ""
        _tell_members(OrganisationReopened(organisation), organisation, at=at)
    return organisation


def edit(
    organisation: Organisation,
    *,
    name: str,
    kind: Kind,
    sector: Sector,
    municipality: Municipality | None,
    services: Iterable[Service],
    business_id: str,
    by: User,
    at: datetime,
) -> bool:
    """Change what an organisation is and is called, where it is, and in which sector and services it works.

    The counter has checked a name, a kind, a sector and a business ID: its own people only ask for others, and the
    old ones hold until the counter says. What its people save takes the place of an earlier wish of theirs; what
    the counter saves leaves the wish waiting, or grants it when it is the same.

    Returns:
        Whether everything holds now; if not, a part waits for the counter.
    """
    _require("organisations.edit", organisation, by)
    wanted = {"name": name, "kind": kind, "sector": sector, "business_id": business_id}
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        locked.municipality = municipality
        is_bound = locked.state == OrganisationState.VETTED and not by.is_counter
        waits = is_bound and any(getattr(locked, field) != wanted[field] for field in BINDING)
        wish = ChangeAsked.objects.filter(organisation=locked).first()
        is_granted = wish is not None and all(getattr(wish, f) == wanted[f] for f in BINDING)
        if wish is not None and by.is_counter and is_granted:
            tell(ChangeAccepted(wish), to=wish.asked_by, at=at)
        if wish is not None and (is_granted or not by.is_counter):
            wish.delete()
        if waits:
            ChangeAsked.objects.create(organisation=locked, asked_by=by, asked_at=at, **wanted)
            record("organisations.ask_change", by=by, about=locked, at=at)
        else:
            for field in BINDING:
                setattr(locked, field, wanted[field])
        locked.save(update_fields=[*BINDING, "municipality"])
        locked.services.set(services)
        record("organisations.edit", by=by, about=locked, at=at)
    return not waits


def accept_change(asked: ChangeAsked, *, by: User, at: datetime) -> Organisation:
    """Let the asked name, kind, sector and business ID hold, and tell who asked; they have been checked.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or asked for it.
        ChangeAsked.DoesNotExist: it has been decided already, or asked anew since it was read.
    """
    with _deciding(asked, "organisations.accept_change", by=by, at=at) as asked:
        tell(ChangeAccepted(asked), to=asked.asked_by, at=at)
        for field in BINDING:
            setattr(asked.organisation, field, getattr(asked, field))
        asked.organisation.save(update_fields=BINDING)
    return asked.organisation


def refuse_change(asked: ChangeAsked, *, reason: str, by: User, at: datetime) -> Organisation:
    """Keep the name, kind, sector and business ID that were checked, and tell who asked for others why.

    Raises:
        PermissionDenied, ChangeAsked.DoesNotExist: as ``accept_change``.
    """
    with _deciding(asked, "organisations.refuse_change", by=by, at=at) as asked:
        tell(ChangeRefused(asked, reason), to=asked.asked_by, at=at)
    return asked.organisation


@contextmanager
def _deciding(asked: ChangeAsked, perm: str, *, by: User, at: datetime) -> Iterator[ChangeAsked]:
    """Lock the organisation with the change asked for; let the caller decide, then delete the wish."""
    if not by.has_perm(perm, asked):
        raise PermissionDenied(perm)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update(no_key=True).get(
            pk=asked.organisation_id
        )
        asked = ChangeAsked.objects.get(pk=asked.pk)
        asked.organisation = organisation
        yield asked
        asked.delete()
        record(perm, by=by, about=organisation, at=at)


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
        PermissionDenied: ``by`` is neither at the counter nor the contact person in that role. Who orders
            cannot make anybody a contact person of experts: those see the experts' names.
    """
    _require("organisations.add_member", Membership(organisation=organisation, role=role), by)
    with transaction.atomic():
        return _join(organisation, user, role=role, is_contact=is_contact, unit=unit, by=by, at=at)


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
            organisation = found(
                name=organisation_name,
                kind=Kind(kind),
                tasks=[Task.ORDERS],
                by=by,
                at=at,
                for_user=caller,
            )
        # Nobody becomes a known organisation's contact person by calling: that one is named.
        return add_member(organisation, caller, role=MemberRole.ORDERER, by=by, at=at)


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
    """Make this person the contact person of the organisation in the membership's role.

    Raises:
        PermissionDenied: ``by`` is neither at the counter nor the contact person who hands it on. Nobody else
            makes a contact person, least of all themselves.
    """
    _require("organisations.name_contact", membership, by)
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
    _require("organisations.remove_member", membership, by)
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


def _require(perm: str, about: Organisation | Membership, by: User) -> None:
    if not by.has_perm(perm, about):
        raise PermissionDenied(perm)


def _tell_members(notice: AboutOrganisation, organisation: Organisation, *, at: datetime) -> None:
    for user in organisation.members.distinct().order_by("pk"):
        tell(notice, to=user, at=at)
