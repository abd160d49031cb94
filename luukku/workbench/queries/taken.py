"""Who does what of the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from luukku.accounts.models import Role
from luukku.core.compiled import once, with_keys
from luukku.core.duty import Duty
from luukku.guidance.models import Question
from luukku.workbench.models import TakenDuty

Key = tuple[str, int]  # a duty's kind and key
OF_QUESTIONS = {"question", "follow_up", "tell_asker"}  # these have their assignee themselves


def question_keys(keys: Iterable[Key]) -> list[int]:
    """Return the questions among the duties ``keys``."""
    return sorted({key for kind, key in keys if kind in OF_QUESTIONS})


def by_kind(keys: Iterable[Key]) -> dict[str, list[int]]:
    """Return the keys of each kind."""
    found: dict[str, list[int]] = defaultdict(list)
    for kind, key in keys:
        found[kind].append(key)
    return found


def rows_of(keys: Iterable[Key]) -> Q:
    """Return what tells the rows of the duties ``keys``."""
    told = Q(pk=None)
    for kind, numbers in by_kind(keys).items():
        told |= Q(kind=kind, key__in=numbers)
    return told


def assignees(keys: Collection[Key]) -> dict[Key, int]:
    """Return who does which of the duties ``keys``, of those who serve at the counter still."""
    taken = TakenDuty.objects.standing().filter(rows_of(keys))
    found = {(row.kind, row.key): row.assignee_id for row in taken}
    assigned = _of_questions(keys)
    return found | {
        (kind, key): assigned[key] for kind, key in keys if kind in OF_QUESTIONS and key in assigned
    }


def whose(duties: Iterable[Duty]) -> dict[Key, int]:
    """Return who does which of ``duties``; two queries for however many.

    What began to wait after it was handed out is another duty: nobody does it yet.
    """
    taken = {(kind, key): (assignee, at) for kind, key, assignee, at in _taken()}
    duties = list(duties)
    assigned = _of_questions((duty.kind, duty.key) for duty in duties)
    found: dict[Key, int] = {}
    for duty in duties:
        key = (duty.kind, duty.key)
        if duty.kind in OF_QUESTIONS:
            if duty.key in assigned:
                found[key] = assigned[duty.key]
        elif key in taken and duty.since <= taken[key][1]:
            found[key] = taken[key][0]
    return found


@once
def _taken() -> QuerySet[TakenDuty, Any]:
    return TakenDuty.objects.standing().values_list("kind", "key", "assignee_id", "assigned_at")


def _of_questions(keys: Iterable[Key]) -> dict[int, int]:
    questions = question_keys(keys)
    return dict(_assigned(keys=questions)) if questions else {}


@once
def _assigned() -> QuerySet[Question, Any]:
    rows = Question.objects.filter(
        with_keys(), assignee__is_active=True, assignee__roles__contains=[Role.COORDINATOR]
    )
    return rows.values_list("pk", "assignee_id")
