"""What the counter decides about an organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.organisations.actions.common import tell_members
from luukku.organisations.actions.members import add_member
from luukku.organisations.actions.registering import MayBeSame
from luukku.organisations.models import ChangeAsked, MemberRole, Organisation
from luukku.organisations.notices import (
    OrganisationEnded,
    OrganisationRefused,
    OrganisationReopened,
    OrganisationVetted,
)
from luukku.organisations.queries import may_be_same, why_not_joined
from luukku.organisations.states import (
    END,
    JOIN,
    PART_CHECKED,
    PART_WAITING,
    REFUSE,
    REOPEN,
    VET,
    OrganisationState,
)
from luukku.workflow.actions import moving


class NotJoined(Refused):
    """The two cannot become one; the words say why and what helps."""

    words = _("These two organisations cannot be joined.")


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
        tell_members(OrganisationVetted(organisation), organisation, at=at)
    return organisation


def refuse(organisation: Organisation, *, reason: str, by: User, at: datetime) -> Organisation:
    """Say no to the organisation, and tell its people why; ``reopen`` takes it back."""
    with moving(organisation, REFUSE, by=by, at=at) as organisation:
        organisation.refused_because = reason
        tell_members(OrganisationRefused(organisation), organisation, at=at)
    return organisation


def end(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Note that the organisation has ended and tell its people; experts keep their records and lose nothing.

    ``assignments.actions.end_organisation`` ends its open orders first.
    """
    with moving(organisation, END, by=by, at=at) as organisation:
        ChangeAsked.objects.filter(organisation=organisation).delete()
        organisation.refused_because = ""
        tell_members(OrganisationEnded(organisation), organisation, at=at)
    return organisation


def join(new: Organisation, into: Organisation, *, by: User, at: datetime) -> Organisation:
    """Let the people of ``new``, which came a second time, stand for ``into``, and tell them; ``new`` ends.

    ``workbench.actions.join_organisation`` moves its units, orders and all else with it.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: ``new`` has ended, or has not been accepted.
        NotJoined: ``queries.why_not_joined`` says why; nothing has changed.
    """
    with transaction.atomic():
        both = Organisation.objects.filter(pk__in=[new.pk, into.pk]).order_by("pk")
        locked = {one.pk: one for one in both.select_for_update(no_key=True)}
        with moving(new, JOIN, by=by, at=at, data={"into": into.pk}) as new:
            into = locked[into.pk]
            if words := why_not_joined(new, into):
                raise NotJoined(words)
            new.joined_into = into
            ChangeAsked.objects.filter(organisation=new).delete()
            for member in new.memberships.select_related("user", "unit").order_by("pk"):
                role, unit = MemberRole(member.role), member.unit
                add_member(into, member.user, role=role, unit=unit, by=by, at=at)
    return into


def part(
    organisation: Organisation, *, was: str, into: Organisation, by: User, at: datetime
) -> Organisation:
    """Let an organisation that was joined with ``into`` be in the state ``was`` again; nobody is told.

    ``workbench.actions.part`` gives back what was its.
    """
    move = PART_CHECKED if was == OrganisationState.VETTED else PART_WAITING
    with moving(organisation, move, by=by, at=at, data={"out_of": into.pk}) as organisation:
        organisation.joined_into = None
    return organisation


def reopen(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Let an organisation that was ended or refused wait to be checked again; its people are as they were.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or it is joined with another: that is taken back instead.
    """
    with moving(organisation, REOPEN, by=by, at=at) as organisation:
        organisation.refused_because = ""
        tell_members(OrganisationReopened(organisation), organisation, at=at)
    return organisation
