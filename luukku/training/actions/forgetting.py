"""Forgetting: what somebody told to get into a training is kept for a year after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.training.models import Application, StopReason
from luukku.training.states import WITH_HOURS, ApplicationState

KEPT = timedelta(days=365)  # after the last session
TOLD_NOTHING = ("", StopReason.UNTOLD)
LATE = timedelta(days=90)  # a worker that has not run for so long still forgets


def forget_applications(*, at: datetime) -> int:
    """Delete applications of long ago that led to no place, and the words of the others; return how many were touched.

    Who took part keeps the hours, the reason why it counts, and the certificate.
    """
    old = Application.objects.filter(run__event__ends_at__lt=at - KEPT)
    gone = old.exclude(state__in=[*WITH_HOURS, ApplicationState.CHOSEN]).delete()[1]
    stays = [*WITH_HOURS, ApplicationState.CHOSEN]
    kept = old.filter(state__in=stays, run__event__ends_at__gt=at - KEPT - LATE)
    keys = [
        row.pk
        for row in kept
        if row.why or row.needs or row.barriers or row.stop_reason not in TOLD_NOTHING
    ]
    rows = Application.objects.filter(pk__in=keys)
    rows.exclude(stop_reason="").update(stop_reason=StopReason.UNTOLD)
    rows.update(why="", needs="", barriers=[])
    return gone.get("training.Application", 0) + len(keys)
