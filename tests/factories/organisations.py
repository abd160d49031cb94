"""Organisations and who stands for them.

make_organisation()                             # checked by the counter, orders experts
make_organisation(tasks=[Task.BACKGROUND])      # checked, stands behind experts
make_organisation(state=OrganisationState.WAITING)
make_member(organisation, role=MemberRole.BACKGROUND)   # a new person who stands for it; User
"""

from datetime import datetime
from itertools import count

from django.utils import timezone

from luukku.accounts.models import User
from luukku.organisations.models import Kind, MemberRole, Membership, Organisation, Sector, Task
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_person

_number = count(1)


def make_organisation(
    name: str = "",
    *,
    state: OrganisationState = OrganisationState.VETTED,
    tasks: tuple[Task, ...] = (Task.ORDERS,),
    at: datetime | None = None,
    **fields,
) -> Organisation:
    """An organisation, checked unless ``state`` says otherwise."""
    at = at or timezone.now()
    return Organisation.objects.create(
        **{
            "name": name or f"Yhdistys {next(_number)} ry",
            "kind": Kind.NGO,
            "sector": Sector.THIRD,
            "tasks": list(tasks),
            "state": state,
            "made_at": at,
            "state_changed_at": at,
        }
        | fields
    )


def make_member(
    organisation: Organisation | None = None,
    *,
    role: MemberRole = MemberRole.ORDERER,
    user: User | None = None,
    is_contact: bool = False,
    at: datetime | None = None,
    **person,
) -> User:
    """A person who stands for ``organisation`` (a new checked one if none is given) in ``role``."""
    user = user or make_person(**person)
    Membership.objects.create(
        user=user,
        organisation=organisation or make_organisation(at=at),
        role=role,
        is_contact=is_contact,
        added_by=user,
        added_at=at or timezone.now(),
    )
    return user
