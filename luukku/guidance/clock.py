"""By when an answer is promised, and when the one who owes it is reminded."""

from datetime import date, datetime, timedelta

from django.conf import settings

from luukku.core.times import helsinki, working_day
from luukku.guidance.models import Kind

ACCESSIBILITY_DAYS = 14  # Act 306/2019 on digital services; not the region's to choose
REMIND_ACCESSIBILITY_DAYS = 4


def due_on(kind: Kind, *, at: datetime) -> date:
    """Return the last day of the promise for what was asked at ``at``."""
    today = helsinki(at).date()
    if kind == Kind.ACCESSIBILITY:
        return today + timedelta(days=ACCESSIBILITY_DAYS)
    return working_day(today, settings.LUUKKU_REPLY_DAYS)


def remind_on(kind: Kind, due: date) -> date:
    """Return the day on which the promise about to break is told to the one who owes the answer."""
    if kind == Kind.ACCESSIBILITY:
        return due - timedelta(days=REMIND_ACCESSIBILITY_DAYS)
    return working_day(due, -1)
