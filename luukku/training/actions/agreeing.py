"""What those who train have agreed on together: the common core."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.notices.actions import tell_all
from luukku.training.actions.programmes import Minutes
from luukku.training.models import CommonCore, CoreTopic
from luukku.training.notices import CoreAgreed
from luukku.training.queries import producers


class EmptyCore(Refused):
    """A core without topics asks for nothing."""

    words = _("Give the minutes of at least one topic.")


class NotDecidedYet(Refused):
    """A decision has been made on the day that it names."""

    words = _("The day of the decision cannot be after today.")
    field = "decided_on"


def agree_core(
    *, decided_on: date, decision: str, minutes: Minutes, by: User, at: datetime
) -> CommonCore:
    """Write down a new version of the common core, which is in force at once; those who train are told.

    Args:
        minutes: how long a basic training is about each topic at least; those without any time are left out.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        EmptyCore, NotDecidedYet: as their names say.
    """
    if not by.has_perm("training.agree_core"):
        raise PermissionDenied("training.agree_core")
    if decided_on > helsinki(at).date():
        raise NotDecidedYet
    rows = {
        topic: (together, alone)
        for topic, (together, alone) in minutes.items()
        if together or alone
    }
    if not rows:
        raise EmptyCore
    with transaction.atomic():
        newest = CommonCore.objects.select_for_update().first()
        core = CommonCore.objects.create(
            version=newest.version + 1 if newest else 1,
            decided_on=decided_on,
            decision=decision,
            made_by=by,
            made_at=at,
        )
        CoreTopic.objects.bulk_create(
            CoreTopic(core=core, topic=topic, contact_minutes=together, own_minutes=alone)
            for topic, (together, alone) in rows.items()
        )
        record("training.agree_core", by=by, about=core, at=at)
        tell_all([(CoreAgreed(core, to=one), one) for one in producers()], at=at)
    return core
