"""Who has agreed on a programme that is proposed, and who has not yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from luukku.core.ordering import in_finnish
from luukku.organisations.models import Organisation
from luukku.training.models import Programme, ProgrammeNo, ProgrammeQuerySet, ProgrammeYes


@dataclass(frozen=True)
class Answers:
    """Who has said yes and who no, the first first, and which organisations that train have answered nothing."""

    yes: list[ProgrammeYes]
    no: list[ProgrammeNo]
    missing: list[Organisation]


def answers_of(programme: Programme) -> Answers:
    """Return what the organisations that train have answered to the proposal as it stands, in three queries."""
    yes: list[ProgrammeYes] = []
    no: list[ProgrammeNo] = []
    since = programme.proposed_at
    if since is not None:
        yeses = programme.yeses.filter(given_at__gte=since)
        noes = programme.noes.filter(given_at__gte=since)
        yes = list(yeses.select_related("organisation").order_by("given_at", "pk"))
        no = list(noes.select_related("organisation").order_by("given_at", "pk"))
    said = {one.organisation_id for one in yes} | {one.organisation_id for one in no}
    trains = Organisation.objects.training()
    missing = trains.exclude(pk__in=said)
    return Answers(yes, no, list(missing.order_by(in_finnish("name"), "pk")))


def asked_of(organisation: Organisation) -> ProgrammeQuerySet:
    """Return the programmes that are proposed and to which ``organisation`` has answered nothing."""
    said = {
        "programme": OuterRef("pk"),
        "organisation": organisation,
        "given_at__gte": OuterRef("proposed_at"),
    }
    yes, no = ProgrammeYes.objects.filter(**said), ProgrammeNo.objects.filter(**said)
    return Programme.objects.to_agree().exclude(Exists(yes) | Exists(no))


def holders_to_ask(programme: Programme) -> QuerySet[Organisation]:
    """Return whom another producer has named among those who hold it and who have not said yes themselves, by name."""
    said = ProgrammeYes.objects.filter(programme=programme).values("organisation")
    return programme.named.exclude(pk__in=said).order_by(in_finnish("name"), "pk")
