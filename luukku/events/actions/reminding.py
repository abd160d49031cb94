"""Reminding those who come, the day before."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Q

from luukku.core.times import helsinki, instant
from luukku.events.models import Session
from luukku.events.notices import EventTomorrow, reminder_key, say
from luukku.events.states import OPEN_EVENTS
from luukku.notices.models import Letter

ONE_DAY = timedelta(days=1)


def remind(*, at: datetime) -> int:
    """Tell everybody with a place in what is held tomorrow, once for each session; return how many were told."""
    day = helsinki(at).date() + ONE_DAY
    tomorrow = (instant(day, time()), instant(day + ONE_DAY, time()))
    sessions = Session.objects.filter(
        starts_at__gte=tomorrow[0], starts_at__lt=tomorrow[1], event__state__in=OPEN_EVENTS
    ).select_related("event")
    letters = Letter.objects.filter(kind=EventTomorrow.kind, made_at__gt=at - 2 * ONE_DAY)
    # What tells the reader stands last in a letter's key.
    told = {key.rpartition(":")[0] for key in letters.values_list("key", flat=True)}
    number = 0
    for session in sessions.order_by("starts_at", "pk"):
        coming = session.event.sign_ups.confirmed().select_related("event", "person", "guest")
        for own in coming.filter(Q(person=None) | Q(person__is_active=True)).order_by("pk"):
            if reminder_key(own.pk, session) in told:
                continue
            say(partial(EventTomorrow, session=session), own, at=at)
            number += 1
    return number
