"""What waits for the counter of trainings."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, objects_once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.events.models import TITLES
from luukku.training.models import Application, PracticeLecture, Programme, Run, Thread

OF_EVENT = tuple(f"event__{name}" for name in TITLES)
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


PATIENCE = timedelta(days=14)  # so long after the end a producer may take to send the report
REPORT = DutyKind(
    "run_report",
    _("Ask for the report of a training"),
    page="counter:run",
    within=PATIENCE + timedelta(days=14),
)


@REPORT.finds
def to_report(at: Instant) -> Waiting:
    """Trainings that ended two weeks ago and have no report to the steering group yet."""
    return Waiting(Run.objects.to_report(at - PATIENCE), since="event__ends_at")


@REPORT.calls
def whose_report(keys: Collection[int]) -> dict[int, Called]:
    """The training and its producer."""
    rows = _runs(keys=list(keys))
    return {row.pk: Called(f"{row.title} · {row.event.organiser.name}") for row in rows}


@objects_once
def _runs() -> QuerySet[Run]:
    rows = Run.objects.filter(with_keys()).select_related("event__organiser")
    return rows.only("event__organiser__name", *OF_EVENT)


LECTURE = DutyKind(
    "lecture",
    _("Ask how many students heard a practice lecture"),
    page="counter:run",
    within=PATIENCE,
)


@LECTURE.finds
def to_count(at: Instant) -> Waiting:
    """Practice lectures that are over, and nobody has said how many students were there."""
    return Waiting(PracticeLecture.objects.to_count(at), since="ends_at", pk="run_id")


@LECTURE.calls
def whose_lecture(keys: Collection[int]) -> dict[int, Called]:
    """The school, and whom to call there."""
    return {
        row.pk: Called(f"{row.school.name} · {row.subject}", row.contact.name, row.contact.phone)
        for row in _lectures(keys=list(keys))
    }


@objects_once
def _lectures() -> QuerySet[PracticeLecture]:
    rows = PracticeLecture.objects.filter(with_keys()).select_related("school", "contact")
    return rows.only("subject", "school__name", "contact__name", "contact__phone")


THREAD = DutyKind(
    "thread",
    _("Help those who train to decide"),
    page="counter:thread",
    within=timedelta(days=settings.LUUKKU_THREAD_DAYS + 30),
)


@THREAD.finds
def to_decide(at: Instant) -> Waiting:
    """Threads of those who train that have gone on for long without a decision."""
    patience = timedelta(days=settings.LUUKKU_THREAD_DAYS)
    return Waiting(Thread.objects.waiting(at - patience), since="waits_since")


@THREAD.calls
def what_is_talked_about(keys: Collection[int]) -> dict[int, Called]:
    """The topic."""
    return {row.pk: Called(row.title) for row in _threads(keys=list(keys))}


@objects_once
def _threads() -> QuerySet[Thread]:
    return Thread.objects.filter(with_keys()).select_related("topic")


@AGREE.finds
def to_agree(at: Instant) -> Waiting:
    """Programmes that their producers propose to be agreed on."""
    return Waiting(Programme.objects.to_agree(), since="proposed_at")


@AGREE.calls
def what_is_proposed(keys: Collection[int]) -> dict[int, Called]:
    """The programme."""
    return {row.pk: Called(row.title) for row in _programmes(keys=list(keys))}


@objects_once
def _programmes() -> QuerySet[Programme]:
    return Programme.objects.filter(with_keys()).only(*TITLES)


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
    rows = Application.objects.filter(with_keys()).select_related("person", "run__event")
    return rows.only("person__name", "person__phone", *(f"run__{name}" for name in OF_EVENT))
