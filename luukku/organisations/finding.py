"""Finding organisations among many."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Q, QuerySet

from luukku.accounts.queries import people_said
from luukku.core.compiled import Given
from luukku.core.finding import found_once
from luukku.core.ordering import (
    NONE,
    Forms,
    Keys,
    Words,
    among,
    folded,
    folded_text,
    has_words,
    in_finnish,
    with_each_part,
    with_keys_of,
)
from luukku.organisations.models import Membership, Organisation, OrganisationQuerySet
from luukku.organisations.queries import organisations_same
from luukku.taxonomy.queries import named_like

MOST_MEANT = 20  # more than are offered anywhere
NEAR = 0.5  # of three letters in a row that two names share: "Meren koulo" and "Meren koulu" 0.7


def like(
    organisations: OrganisationQuerySet, words: str, *, forms: Forms | None = None
) -> QuerySet[Organisation]:
    """Return the organisations in which each part of ``words`` is found, by name."""
    rows = with_each_part(organisations.select_related("municipality"), words, holding, forms=forms)
    return rows.order_by(in_finnish("name"), "pk")


def near(organisations: OrganisationQuerySet, name: str) -> QuerySet[Organisation]:
    """Return the organisations whose name is almost ``name``, a letter or two mistyped, the nearest first."""
    rows = organisations.select_related("municipality").alias(plain=folded(F("name")))
    rows = rows.alias(nearness=TrigramSimilarity("plain", folded_text(name)))
    return rows.filter(nearness__gte=NEAR).order_by("-nearness", in_finnish("name"), "pk")


def alike(*, name: str, business_id: str = "") -> OrganisationQuerySet:
    """Return organisations, ended ones too, with the same business ID, or with the same name or almost that."""
    same = organisations_same(name=name, business_id=business_id)
    almost = near(Organisation.objects.all(), name)
    is_either = Q(pk__in=same.order_by().values("pk")) | Q(pk__in=almost.order_by().values("pk"))
    organisations = Organisation.objects.filter(is_either).select_related("municipality")
    return organisations.order_by(in_finnish("name"), "pk")


def meant(organisations: OrganisationQuerySet, words: str) -> list[Organisation]:
    """Return the first organisations that ``like`` finds; where it finds none, those that are ``near``."""
    return list(like(organisations, words)[:MOST_MEANT]) or list(
        near(organisations, words)[:MOST_MEANT]
    )


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


def called_or_once_called(words: Words) -> list[OrganisationQuerySet]:
    """Return the organisations in whose name ``words`` stand, and those in whose former one: few have any."""
    rows = Organisation.objects.order_by()
    once_called = rows.exclude(former_names="").filter(has_words(words, "former_names"))
    return [rows.filter(has_words(words, "name")), once_called]


def holding(organisations: OrganisationQuerySet, words: str) -> OrganisationQuerySet:
    """Return the organisations that ``words`` may mean.

    They stand in the name or a former one, business ID or municipality, or in the name, address or telephone number
    of somebody who belongs to it; case and accents make no difference.
    """
    places = named_like(words).municipalities
    keys = _keys(words=words, people=people_said(words), municipalities=places)
    return with_keys_of(organisations, keys)


@found_once
def _keys(
    words: Words, people: Keys | Given = NONE, municipalities: Keys | Given = NONE
) -> list[QuerySet[Any]]:
    rows = Organisation.objects.order_by()
    return [
        *called_or_once_called(words),
        rows.filter(business_id__startswith=words),
        rows.filter(among(municipalities, "municipality")),
        Membership.objects.filter(among(people, "user")).values("organisation"),
    ]
