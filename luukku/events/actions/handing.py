"""Who answers for an event: they read what it asks in confidence, so handing it over leaves a mark and is told."""

from __future__ import annotations

from datetime import datetime

from luukku.accounts.models import User
from luukku.events.actions.common import require_may_answer_for
from luukku.events.models import ORGANISERS, Event
from luukku.events.notices import EventHandedOver
from luukku.events.states import HAND_OVER
from luukku.notices.actions import tell
from luukku.organisations.models import Membership
from luukku.workflow.actions import acting


def hand_over(event: Event, person: User, *, by: User, at: datetime) -> Event:
    """Let ``person`` answer for the event from now on; who did so, who does now and the organiser are told.

    Handing it to who answers for it already changes nothing.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: it has been held or cancelled.
        CannotAnswerFor: ``person`` is neither of the organiser nor at the counter.
    """
    if event.responsible_id == person.pk:
        return event
    data: dict[str, object] = {}
    with acting(event, HAND_OVER, by=by, at=at, data=data) as event:
        before = event.responsible
        require_may_answer_for(event, person)
        data |= {"from": before.pk, "to": person.pk}
        event.responsible = person
        event.save(update_fields=["responsible"])
        standing = Membership.objects.standing(*ORGANISERS).filter(organisation=event.organiser_id)
        told = {one.user_id: one.user for one in standing.select_related("user")}
        told |= {before.pk: before, person.pk: person}
        for pk in sorted(told.keys() - {by.pk}):
            if told[pk].is_active and not told[pk].is_machine:
                tell(EventHandedOver(event, at), to=told[pk], at=at)
    return event
