"""Signs of load, raised by the real night from real offers.

make_silent(at)        # an expert whose three offers have ended without an answer a little before ``at``
make_flag(at)          # the sign that this raises at ``at``: the expert alone sees it
make_passed_on(at)     # the same, raised so long before ``at`` that the counter sees it
"""

from datetime import datetime, timedelta

from django.utils import timezone

from luukku.assignments.actions import expire_overdue
from luukku.coping.actions import look
from luukku.coping.models import Flag
from luukku.experts.models import Expert
from tests.factories.assignments import make_offer
from tests.factories.experts import make_expert

A_DAY = timedelta(days=1)


def make_silent(at: datetime | None = None, *, expert: Expert | None = None) -> Expert:
    """An expert whose three latest offers have ended without an answer."""
    at = at or timezone.now()
    expert = expert or make_expert(at=at - 30 * A_DAY)
    for days in (20, 19, 18):
        make_offer(at - days * A_DAY, expert=expert)
    expire_overdue(at=at - A_DAY)
    return expert


def make_flag(at: datetime | None = None, *, expert: Expert | None = None) -> Flag:
    """A sign of load that its expert alone sees yet."""
    at = at or timezone.now()
    expert = make_silent(at, expert=expert)
    look(at=at)
    return Flag.objects.get(expert=expert)


def make_passed_on(at: datetime | None = None, *, expert: Expert | None = None) -> Flag:
    """A sign of load that the counter sees."""
    at = at or timezone.now()
    flag = make_flag(at - 8 * A_DAY, expert=expert)
    look(at=at)
    return Flag.objects.get(pk=flag.pk)
