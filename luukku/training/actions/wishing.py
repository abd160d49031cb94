"""Telling which further trainings one would like."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.events.models import Mode, Via
from luukku.taxonomy.models import Municipality
from luukku.training.models import TrainingWish


def wish(
    person: User,
    *,
    kinds: Collection[str],
    mode: str = Mode.BOTH,
    municipality: Municipality | None = None,
    barriers: Collection[str] = (),
    by: User,
    at: datetime,
) -> TrainingWish | None:
    """Keep what ``person`` would like instead of what they told before; no kinds take the wish back.

    Raises:
        PermissionDenied: ``by`` is neither the person nor at the counter.
    """
    if not by.has_perm("training.wish", person):
        raise PermissionDenied("training.wish")
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = TrainingWish.objects.filter(person=person)
        if not kinds and not before.exists():
            return None
        before.delete()
        made = None
        if kinds:
            made = TrainingWish.objects.create(
                person=person,
                kinds=sorted(set(kinds)),
                mode=mode,
                municipality=municipality,
                barriers=sorted(set(barriers)),
                via=Via.DESK if person.pk == by.pk else Via.COUNTER,
                made_by=by,
                made_at=at,
            )
        behalf = None if person.pk == by.pk else person
        record("training.wish", by=by, about=person, at=at, on_behalf_of=behalf)
    return made
