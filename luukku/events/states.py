"""What may happen to an event and to somebody's sign-up for it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
