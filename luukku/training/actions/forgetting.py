"""Forgetting: what somebody told to get into a training is kept for a year after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.training.models import Application, Certificate, Paper, StopReason
from luukku.training.states import WITH_HOURS, ApplicationState

KEPT = timedelta(days=365)  # after the last session
RECORD_KEPT = timedelta(days=30)  # after it was written; another is written when it is asked for
STAYS = (*WITH_HOURS, ApplicationState.CHOSEN)


def forget_applications(*, at: datetime) -> int:
    """Delete applications of long ago that led to no place, and the words of the others; return how many were touched.

    Who took part keeps the hours, the reason why it counts, and the certificate. Certificates of what has been taken
    off the record, as with an erased profile, go with their papers, and so do records that were written long ago.
    """
    Paper.objects.filter(certificate=None, made_at__lt=at - RECORD_KEPT).delete()
    for certificate in Certificate.objects.filter(application__training=None).order_by("pk"):
        certificate.delete()  # one by one, the oldest first: each protects the one that replaced it
    old = Application.objects.filter(run__event__ends_at__lt=at - KEPT)
    gone = old.exclude(state__in=STAYS).delete()[1]
    keys = list(old.filter(state__in=STAYS, forgotten_at=None).values_list("pk", flat=True))
    rows = Application.objects.filter(pk__in=keys)
    rows.exclude(stop_reason="").update(stop_reason=StopReason.UNTOLD)
    rows.update(why="", needs="", barriers=[], forgotten_at=at)
    return gone.get("training.Application", 0) + len(keys)
