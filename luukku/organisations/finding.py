"""Finding organisations among many."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from luukku.accounts.queries import person_said
from luukku.core.ordering import has_words
from luukku.organisations.models import Membership, OrganisationQuerySet


def holding(organisations: OrganisationQuerySet, words: str) -> OrganisationQuerySet:
    """Return the organisations that ``words`` may mean.

    They stand in the name, business ID or municipality, or in the name, address or telephone number of somebody who
    belongs to it; case and accents make no difference.
    """
    people = Membership.objects.filter(person_said(words, "user__"), organisation=OuterRef("pk"))
    found = Q(business_id__startswith=words) | Q(Exists(people))
    for name in ("name", "municipality__name_fi", "municipality__name_sv"):
        found |= has_words(words, name)
    return organisations.filter(found)
