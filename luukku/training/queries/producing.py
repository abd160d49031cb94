"""Who produces trainings here."""

from __future__ import annotations

from django.db.models import QuerySet

from luukku.accounts.models import User
from luukku.organisations.models import MemberRole, Membership, Organisation, OrganisationQuerySet
from luukku.organisations.queries import people_of


def producers(organisations: OrganisationQuerySet | None = None) -> QuerySet[User]:
    """Return everybody who stands for an organisation that trains, for ``organisations`` alone if given."""
    standing = Membership.objects.standing(MemberRole.PRODUCER)
    if organisations is not None:
        standing = standing.filter(organisation__in=organisations)
    return people_of(standing)


def trains_for(user: User) -> OrganisationQuerySet:
    """Return the organisations that ``user`` stands for as a producer."""
    own = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
    return Organisation.objects.filter(pk__in=own.values("organisation"))
