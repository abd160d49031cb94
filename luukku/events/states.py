"""What may happen to an event and to somebody's sign-up for it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Act, Move


class EventState(TextChoices):
    """Where an event stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Open for signing up")
    CLOSED = "closed", _("Signing up has ended")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class SignUpState(TextChoices):
    """Where a sign-up stands. To wait for approval is not to be on the waiting list."""

    HELD = "held", _("A place is kept while the form is filled")
    APPLIED = "applied", _("Waiting for approval")
    OFFERED = "offered", _("A place waits for a yes")
    CONFIRMED = "confirmed", _("Has a place")
    WAITING = "waiting", _("On the waiting list")
    DECLINED = "declined", _("Not chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("The time ran out")


E, S = EventState, SignUpState
OPEN_EVENTS = frozenset({E.PUBLISHED, E.CLOSED})  # it is still to come, or being held
SHOWN_EVENTS = frozenset({E.PUBLISHED, E.CLOSED, E.HELD, E.CANCELLED})
WITH_PLACE = frozenset({S.HELD, S.OFFERED, S.CONFIRMED})
LIVE_SIGN_UPS = WITH_PLACE | {S.APPLIED, S.WAITING}

# Of an event.
PUBLISH = Move("events.publish", frozenset({E.DRAFT}), E.PUBLISHED)
CLOSE = Move("events.close", frozenset({E.PUBLISHED}), E.CLOSED)
REOPEN = Move("events.reopen", frozenset({E.CLOSED}), E.PUBLISHED)
CANCEL = Move("events.cancel", frozenset({E.DRAFT, *OPEN_EVENTS}), E.CANCELLED)
FINISH = Move("events.finish", OPEN_EVENTS, E.HELD)
EDIT = Act("events.edit", frozenset({E.DRAFT, *OPEN_EVENTS}))
HAND_OVER = Act("events.hand_over", frozenset({E.DRAFT, *OPEN_EVENTS}))
REPEAT = Act("events.repeat", frozenset({E.DRAFT, *OPEN_EVENTS}))
SET_TIMES = Act("events.set_times", frozenset({E.DRAFT, *OPEN_EVENTS}))
ASK = Act("events.ask", frozenset({E.DRAFT}))
KEEP_MATERIALS = Act("events.keep_materials", frozenset(E))
RUN_ANYWAY = Act("events.run_anyway", OPEN_EVENTS)
DECIDE_LATER = Act("events.decide_later", OPEN_EVENTS)
SIGN_UP = Act(
    "events.sign_up", frozenset({E.PUBLISHED}), late=_("Signing up for this event has ended.")
)
PUT_ON = Act("events.put_on", OPEN_EVENTS)
CHECK_IN = Act("events.check_in", frozenset({*OPEN_EVENTS, E.HELD}))

# Of a sign-up.
CONFIRM = Move("events.confirm", frozenset({S.HELD, S.EXPIRED}), S.CONFIRMED)
APPLY = Move("events.apply", frozenset({S.HELD, S.EXPIRED}), S.APPLIED)
WAIT = Move("events.wait", frozenset({S.HELD, S.EXPIRED, S.APPLIED}), S.WAITING)
APPROVE = Move("events.approve", frozenset({S.APPLIED, S.WAITING}), S.CONFIRMED)
PROMOTE = Move("events.promote", frozenset({S.WAITING}), S.CONFIRMED)
OFFER = Move("events.offer", frozenset({S.WAITING}), S.OFFERED)
SAY_YES = Move(
    "events.say_yes",
    frozenset({S.OFFERED}),
    S.CONFIRMED,
    late=_("The place has been answered already, or the time to answer has run out."),
)
DECLINE = Move("events.decline", frozenset({S.APPLIED, S.WAITING}), S.DECLINED)
WITHDRAW = Move(
    "events.withdraw",
    LIVE_SIGN_UPS,
    S.WITHDRAWN,
    late=_("The sign-up has been withdrawn already, or it has ended."),
)
EXPIRE = Move("events.expire", frozenset({S.HELD, S.OFFERED}), S.EXPIRED)
