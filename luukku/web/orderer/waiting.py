"""What of its events and programmes waits for an organisation, for its desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from luukku.core.times import helsinki
from luukku.events.models import Event, SignUp
from luukku.events.queries import undecided
from luukku.events.states import OPEN_EVENTS, SignUpState
from luukku.training.models import Thread
from luukku.training.queries import asked_of
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of

MOST = 10  # of each on the desk; the list of events has the others


def of_events(request: Request, *, at: datetime) -> dict[str, object]:
    """Return the coming events of the organisation in which somebody waits for approval, and those to decide."""
    own = Event.objects.visible_to(request.user).kept_by(request.user)
    own = own.filter(organiser=organisation_of(request), state__in=OPEN_EVENTS, ends_at__gt=at)
    by_time = own.order_by("starts_at", "pk")
    applied = SignUp.objects.filter(event=OuterRef("pk"), state=SignUpState.APPLIED)
    to_approve = by_time.with_numbers().filter(Exists(applied))
    to_decide = undecided(by_time, on=helsinki(at).date())
    return {"to_approve": list(to_approve[:MOST]), "to_decide": list(to_decide[:MOST])}


def of_programmes(request: Request, *, at: datetime) -> dict[str, object]:
    """Return the programmes on which the organisation is asked to agree, and the threads that wait for long."""
    asked = asked_of(organisation_of(request))
    patience = timedelta(days=settings.LUUKKU_THREAD_DAYS)
    waiting = Thread.objects.visible_to(request.user).waiting(at - patience).select_related("topic")
    return {
        "to_agree": list(asked.order_by("proposed_at", "pk")[:MOST]),
        "to_settle": list(waiting.order_by("waits_since", "pk")[:MOST]),
    }
