"""What waits for the counter of experts."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.audit.models import AuditEvent
from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState

PAGE = "counter:expert"
MEET = DutyKind("expert", _("Meet an expert"), page=PAGE, within=timedelta(days=7))
RESPONSIBLE = DutyKind(
    "responsible", _("Name a responsible person"), page=PAGE, within=timedelta(days=30)
)
TRAINING = DutyKind("training", _("See a certificate"), page=PAGE, within=timedelta(days=14))


@MEET.finds
def to_meet(at: Instant) -> Waiting:
    """People who have sent their profile."""
    return Waiting(Expert.objects.waiting(), since="state_changed_at")


@MEET.calls
def whom_to_meet(keys: Collection[int]) -> dict[int, Called]:
    """Who they are, and their number to agree on a time."""
    rows = _people(keys=list(keys))
    return {row.pk: Called(row.user.name, row.user.name, row.user.phone) for row in rows}


@objects_once
def _people() -> QuerySet[Expert]:
    rows = Expert.objects.filter(with_keys()).select_related("user")
    return rows.only("user__name", "user__phone")


@RESPONSIBLE.finds
def without_responsible(at: Instant) -> Waiting:
    """Experts in the bank who have no responsible person in their organisation."""
    return Waiting(Expert.objects.active().without_responsible(), since="state_changed_at")


@RESPONSIBLE.calls
def whose_organisation(keys: Collection[int]) -> dict[int, Called]:
    """The expert's code name and organisation."""
    rows = _of_organisation(keys=list(keys))
    return {pk: Called(f"{code_name} · {name}") for pk, code_name, name in rows}


@once
def _of_organisation() -> QuerySet[Any, Any]:
    rows = Expert.objects.filter(with_keys())
    return rows.values_list("pk", "code_name", "background_organisation__name")


@TRAINING.finds
def unseen_trainings(at: Instant) -> Waiting:
    """Trainings that an expert in the bank has told of and whose certificate nobody has seen."""
    told = AuditEvent.objects.filter(
        act="experts.add_training", object_id=Cast(OuterRef("pk"), TextField())
    )
    told_at = Subquery(told.order_by("pk").values("at")[:1])
    rows = CompletedTraining.objects.filter(verified_at=None, expert__state=ExpertState.ACTIVE)
    since = Coalesce(told_at, F("expert__state_changed_at"))
    return Waiting(rows, since=since, pk="expert_id")


@TRAINING.calls
def whose_training(keys: Collection[int]) -> dict[int, Called]:
    """The expert's code name."""
    return {pk: Called(code_name) for pk, code_name in _trained(keys=list(keys))}


@once
def _trained() -> QuerySet[Any, Any]:
    return CompletedTraining.objects.filter(with_keys()).values_list("pk", "expert__code_name")
