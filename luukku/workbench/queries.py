"""What the counter's tools tell: who does what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from luukku.accounts.models import Role
from luukku.guidance.models import Question
from luukku.workbench.models import TakenDuty

Key = tuple[str, int]  # a duty's kind and key
OF_QUESTIONS = {"question", "follow_up"}  # these have their assignee themselves


def question_keys(keys: Iterable[Key]) -> list[int]:
    """Return the questions among the duties ``keys``."""
    return sorted({key for kind, key in keys if kind in OF_QUESTIONS})


def rows_of(keys: Iterable[Key]) -> Q:
    """Return what tells the rows of the duties ``keys``."""
    of_kind: dict[str, list[int]] = defaultdict(list)
    for kind, key in keys:
        of_kind[kind].append(key)
    told = Q(pk=None)
    for kind, numbers in of_kind.items():
        told |= Q(kind=kind, key__in=numbers)
    return told


def assignees(keys: Collection[Key]) -> dict[Key, int]:
    """Return who does which of the duties ``keys``, of those who serve at the counter still."""
    taken = TakenDuty.objects.standing().filter(rows_of(keys))
    found = {(row.kind, row.key): row.assignee_id for row in taken}
    assigned = dict(
        Question.objects.filter(
            pk__in=question_keys(keys),
            assignee__is_active=True,
            assignee__roles__contains=[Role.COORDINATOR],
        ).values_list("pk", "assignee_id")
    )
    return found | {
        (kind, key): assigned[key] for kind, key in keys if kind in OF_QUESTIONS and key in assigned
    }
