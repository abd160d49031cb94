"""Experts by how far they have come, made by the real actions. ``at`` defaults to now.

make_expert()                               # in the bank: may be offered tasks
make_expert(state=ExpertState.DRAFT)        # a whole profile that has not been sent
make_expert(state=ExpertState.WAITING)      # with the counter;  LEFT likewise
make_blank_expert()                         # has just begun: nothing filled in
make_expert(themes=["depression"], municipality="609", reach_km=30, user=somebody, …fields)
"""

from datetime import datetime

from django.utils import timezone

from luukku.accounts.models import User
from luukku.experts import actions
from luukku.experts.models import Expert, Perspective
from luukku.experts.states import ExpertState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme
from tests.factories.accounts import make_person

EVERY_CONSENT = tuple(Purpose)


def the_counter() -> User:
    """The one coordinator who welcomes the experts that these factories make."""
    found = User.objects.filter(email="counter.experts@example.test").first()
    return found or make_person(
        "Luukku", email="counter.experts@example.test", roles=["coordinator"]
    )


def make_blank_expert(*, user: User | None = None, at: datetime | None = None) -> Expert:
    """Somebody who has just begun a profile."""
    user = user or make_person()
    return actions.start(user, by=user, at=at or timezone.now())


def make_expert(
    *,
    state: ExpertState = ExpertState.ACTIVE,
    user: User | None = None,
    at: datetime | None = None,
    themes: tuple[str, ...] = ("depression",),
    perspective: Perspective = Perspective.OWN,
    task_types: tuple[str, ...] = ("talk",),
    languages: tuple[str, ...] = ("fi",),
    municipality: str = "609",  # Pori
    consents: tuple[Purpose, ...] = EVERY_CONSENT,
    **fields,
) -> Expert:
    """An expert with a whole profile who has come to ``state`` by the real way.

    Args:
        themes: codes of themes, shown; ``perspective`` is the same for all.
        fields: whatever ``experts.actions.save`` takes.
    """
    at = at or timezone.now()
    expert = make_blank_expert(user=user, at=at)
    person = expert.user
    set_consents(person, set(consents), by=person, at=at)
    actions.save(
        expert,
        by=person,
        at=at,
        municipality=Municipality.objects.get(code=municipality),
        task_types=list(TaskType.objects.filter(code__in=task_types)),
        languages=list(Language.objects.filter(code__in=languages)),
        **fields,
    )
    rows = [(Theme.objects.get(code=code), perspective, True) for code in themes]
    actions.set_experiences(expert, rows, by=person, at=at)
    if state != ExpertState.DRAFT:
        expert = actions.submit(expert, by=person, at=at)
    if state in {ExpertState.ACTIVE, ExpertState.LEFT}:
        expert = actions.welcome(expert, by=the_counter(), at=at)
    if state == ExpertState.LEFT:
        expert = actions.leave(expert, by=person, at=at)
    return Expert.objects.get(pk=expert.pk)
