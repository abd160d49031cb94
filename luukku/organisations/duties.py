"""What waits for the counter of organisations."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from luukku.core.duty import MOST_ROWS, Duty, DutyKind
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
def unchecked(at: datetime) -> Iterator[Duty]:
    """Organisations that nobody has checked."""
    rows = Organisation.objects.waiting()[:MOST_ROWS]
    return (CHECK.duty(o.pk, o.name, since=o.made_at) for o in rows)


@CHANGE.finds
def changes_asked(at: datetime) -> Iterator[Duty]:
    """New binding details that a member has asked for."""
    rows = ChangeAsked.objects.select_related("organisation").order_by("asked_at", "pk")[:MOST_ROWS]
    for row in rows:
        title = f"{row.organisation.name} → {row.name}"
        yield CHANGE.duty(row.organisation_id, title, since=row.asked_at)


@CONTACT.finds
def without_contact(at: datetime) -> Iterator[Duty]:
    """Organisations in which nobody looks after a role that people have; only its contact person names others."""
    looked_after = Membership.objects.filter(
        organisation=OuterRef("organisation"), role=OuterRef("role"), is_contact=True
    )
    left_alone = Membership.objects.filter(~Exists(looked_after), organisation=OuterRef("pk"))
    people = Membership.objects.filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(
        ~Exists(people) | Exists(left_alone), state=OrganisationState.VETTED
    ).order_by("made_at", "pk")[:MOST_ROWS]
    return (CONTACT.duty(o.pk, o.name, since=o.made_at) for o in rows)
