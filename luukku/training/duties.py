"""What waits for the counter of trainings."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, objects_once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.training.models import Application, Programme

PAGE = "counter:application"
ANSWER = DutyKind("application", _("Answer an application"), page=PAGE, within=timedelta(days=14))
COMPLETE = DutyKind(
    "completion", _("Write down who completed"), page=PAGE, within=timedelta(days=14)
)


AGREE = DutyKind(
    "programme",
    _("Write down whether the producers have agreed"),
    page="counter:programme",
    within=timedelta(days=30),
)


@AGREE.finds
def to_agree(at: Instant) -> Waiting:
    """Programmes that their producers propose to be agreed on."""
    return Waiting(Programme.objects.to_agree(), since="proposed_at")


@AGREE.calls
def what_is_proposed(keys: Collection[int]) -> dict[int, Called]:
    """The programme."""
    rows = Programme.objects.filter(pk__in=keys)
    return {row.pk: Called(row.title) for row in rows}


@ANSWER.finds
def to_answer(at: Instant) -> Waiting:
    """Applications that nobody has answered."""
    return Waiting(
        Application.objects.to_answer(), since="sent_at", starts_at="run__event__starts_at"
    )


@COMPLETE.finds
def to_complete(at: Instant) -> Waiting:
    """People whose training has ended."""
    return Waiting(Application.objects.to_complete(at), since="run__event__ends_at")


@ANSWER.calls
@COMPLETE.calls
def who_applies(keys: Collection[int]) -> dict[int, Called]:
    """The person and the training."""
    return {
        row.pk: Called(f"{row.person.name} · {row.run.title}", row.person.name, row.person.phone)
        for row in _applications(keys=list(keys))
    }


@objects_once
def _applications() -> QuerySet[Application]:
    return Application.objects.filter(with_keys()).select_related("person", "run__event")
