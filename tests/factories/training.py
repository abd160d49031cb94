"""Programmes of training."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from luukku.accounts.models import User
from luukku.events.models import How
from luukku.experts.models import TrainingKind
from luukku.organisations.models import Organisation, Task
from luukku.taxonomy.models import Topic
from luukku.training import actions
from luukku.training.models import Application, Programme, Run
from luukku.training.states import ProgrammeState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event
from tests.factories.organisations import make_member, make_organisation

MINUTES = {"story": (600, 300), "ethics": (120, 0)}  # 12 hours together, 5 alone


def make_programme(
    at: datetime | None = None,
    *,
    state: ProgrammeState = ProgrammeState.DRAFT,
    producer: Organisation | None = None,
    by: User | None = None,
    topics: dict[str, tuple[int, int]] = MINUTES,
    **fields,
) -> Programme:
    """A programme of basic training, come to ``state`` by the real way."""
    at, by = at or timezone.now(), by or make_coordinator()
    producer = producer or make_organisation(tasks=[Task.TRAINS], at=at)
    made = actions.start(
        by=by, at=at, minutes={Topic.objects.get(pk=code): spent for code, spent in topics.items()},
        **{"kind": TrainingKind.BASIC, "title_fi": "Peruskoulutus", "producers": [producer]} | fields,
    )  # fmt: skip
    if state != ProgrammeState.DRAFT:
        made = actions.share(made, by=by, at=at)
    if state in {ProgrammeState.AGREED, ProgrammeState.RETIRED}:
        made = actions.agree(made, decision="Kouluttajien kokous", by=by, at=at)
    return actions.retire(made, by=by, at=at) if state == ProgrammeState.RETIRED else made


def make_run(at: datetime | None = None, *, programme: Programme | None = None, **event) -> Run:
    """A run of an agreed programme, open for applications: 3 places, a session of two hours in 30 days.

    Args:
        event: as ``make_event`` takes it.
    """
    at = at or timezone.now()
    programme = programme or make_programme(at, state=ProgrammeState.AGREED)
    made = make_event(
        at,
        **{"kind": programme.kind, "how": How.APPLICATION, "title_fi": programme.title_fi,
           "organiser": programme.producers.first()} | event,
    )  # fmt: skip
    return Run.objects.create(
        event=made, programme=programme, code=f"2026-{made.pk}", made_by=made.made_by, made_at=at
    )


def make_lecture(at: datetime, *, school=None, by: User | None = None, days: int = 10, **fields):
    """A date that a school offers: two hours, ``days`` after ``at``; by its own orderer unless told."""
    school = school or make_organisation(at=at)
    starts_at = at + timedelta(days=days)
    return actions.offer_lecture(
        school, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), by=by or make_member(school),
        at=at, **{"subject": "Lähihoitajat", "group_size": 25, "mode": "remote"} | fields,
    )  # fmt: skip


def make_application(
    run: Run | None = None, person: User | None = None, *, at: datetime | None = None, **fields
) -> Application:
    """Somebody applies to ``run`` (a new one if none is given)."""
    at = at or timezone.now()
    return actions.apply(run or make_run(at), by=person or make_person(), at=at, **fields)
