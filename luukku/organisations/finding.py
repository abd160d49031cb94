"""Finding organisations among many."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from luukku.accounts.models import User
from luukku.accounts.queries import person_said
from luukku.core.ordering import Forms, any_of, has_words, in_finnish, with_each_part
from luukku.organisations.models import Membership, Organisation, OrganisationQuerySet
from luukku.taxonomy.queries import named_like


def like(
    organisations: OrganisationQuerySet, words: str, *, forms: Forms | None = None
) -> QuerySet[Organisation]:
    """Return the organisations in which each part of ``words`` is found, by name."""
    rows = with_each_part(organisations.select_related("municipality"), words, holding, forms=forms)
    return rows.order_by(in_finnish("name"), "pk")


def named(organisations: OrganisationQuerySet, words: str) -> QuerySet[Organisation]:
    """Return the organisations in whose name or municipality each part of ``words`` is found.

    What everybody may ask: ``like`` finds them by their people, too.
    """
    return with_each_part(
        organisations.select_related("municipality"),
        words,
        lambda rows, part: rows.filter(
            has_words(part, "name")
            | has_words(part, "municipality__name_fi")
            | has_words(part, "municipality__name_sv")
        ),
    )


def holding(organisations: OrganisationQuerySet, words: str) -> OrganisationQuerySet:
    """Return the organisations that ``words`` may mean.

    They stand in the name, business ID or municipality, or in the name, address or telephone number of somebody who
    belongs to it; case and accents make no difference.
    """
    rows = Organisation.objects.order_by()
    people = User.objects.filter(person_said(words))
    parts: list[QuerySet[Any]] = [
        rows.filter(has_words(words, "name")),
        rows.filter(business_id__startswith=words),
        rows.filter(municipality__in=named_like(words).municipalities),
        Membership.objects.filter(user__in=people.values("pk")).values("organisation"),
    ]
    return organisations.filter(pk__in=any_of(parts))
