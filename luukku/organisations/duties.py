"""What waits for the counter of organisations."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.organisations.models import ChangeAsked, Membership, Organisation
from luukku.organisations.states import OrganisationState

PAGE = "counter:organisation"
CHECK = DutyKind("organisation", _("Check an organisation"), page=PAGE, within=timedelta(days=3))
CHANGE = DutyKind(
    "change", _("Check an organisation’s new details"), page=PAGE, within=timedelta(days=3)
)
CONTACT = DutyKind(
    "contact",
    _("Name a contact person"),
    page=PAGE,
    within=timedelta(days=30),
    tells_wait=False,
)


@CHECK.finds
def unchecked(at: Instant) -> Waiting:
    """Organisations that nobody has checked."""
    return Waiting(Organisation.objects.waiting(), since="made_at")


@CHANGE.finds
def changes_asked(at: Instant) -> Waiting:
    """New binding details that a member has asked for."""
    return Waiting(ChangeAsked.objects.all(), since="asked_at", pk="organisation_id")


@CHANGE.calls
def old_and_new_name(keys: Collection[int]) -> dict[int, Called]:
    """What it is called, and what it wants to be called."""
    return {
        row.pk: Called(f"{row.organisation.name} → {row.name}") for row in _changes(keys=list(keys))
    }


@objects_once
def _changes() -> QuerySet[ChangeAsked]:
    rows = ChangeAsked.objects.filter(with_keys()).select_related("organisation")
    return rows.only("name", "organisation__name")


@CONTACT.finds
def without_contact(at: Instant) -> Waiting:
    """Organisations in which nobody looks after a role that people have; only its contact person names others."""
    looked_after = Membership.objects.filter(
        organisation=OuterRef("organisation"), role=OuterRef("role"), is_contact=True
    )
    left_alone = Membership.objects.filter(~Exists(looked_after), organisation=OuterRef("pk"))
    people = Membership.objects.filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(
        ~Exists(people) | Exists(left_alone), state=OrganisationState.VETTED
    )
    return Waiting(rows, since="made_at")


@CHECK.calls
@CONTACT.calls
def names(keys: Collection[int]) -> dict[int, Called]:
    """The organisation's name."""
    return {pk: Called(name) for pk, name in _names(keys=list(keys))}


@once
def _names() -> QuerySet[Any, Any]:
    return Organisation.objects.filter(with_keys()).values_list("pk", "name")
