"""What waits for the counter of experts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.audit.models import AuditEvent
from luukku.core.duty import MOST_ROWS, Duty, DutyKind
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState

PAGE = "counter:expert"
MEET = DutyKind("expert", _("Meet an expert"), page=PAGE, within=timedelta(days=7))
RESPONSIBLE = DutyKind(
    "responsible", _("Name a responsible person"), page=PAGE, within=timedelta(days=30)
)
TRAINING = DutyKind("training", _("See a certificate"), page=PAGE, within=timedelta(days=14))


@MEET.finds
def to_meet(at: datetime) -> Iterator[Duty]:
    """People who have sent their profile."""
    rows = Expert.objects.waiting().select_related("user")[:MOST_ROWS]
    return (MEET.duty(e.pk, e.user.name, since=e.state_changed_at) for e in rows)


@RESPONSIBLE.finds
def without_responsible(at: datetime) -> Iterator[Duty]:
    """Experts in the bank for whom nobody of their organisation answers."""
    rows = (
        Expert.objects.active()
        .without_responsible()
        .select_related("background_organisation")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    for expert in rows:
        title = f"{expert.code_name} · {expert.background_organisation}"
        yield RESPONSIBLE.duty(expert.pk, title, since=expert.state_changed_at)


@TRAINING.finds
def unseen_trainings(at: datetime) -> Iterator[Duty]:
    """Trainings that an expert in the bank has told of and whose certificate nobody has seen."""
    rows = list(
        CompletedTraining.objects.filter(verified_at=None, expert__state=ExpertState.ACTIVE)
        .select_related("expert")
        .order_by("pk")[:MOST_ROWS]
    )
    told = dict(
        AuditEvent.objects.filter(
            act="experts.add_training", object_id__in=[str(row.pk) for row in rows]
        )
        .order_by("-pk")
        .values_list("object_id", "at")
    )
    for row in rows:
        since = told.get(str(row.pk), row.expert.state_changed_at)
        yield TRAINING.duty(row.expert_id, row.expert.code_name, since=since)
