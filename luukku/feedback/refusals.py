"""Why feedback on an event is not taken."""

from django.utils.translation import gettext_lazy as _

from luukku.core.refused import Refused


class EventNotOver(Refused):
    """The event has not ended, or was never held."""

    words = _("Feedback can be given when the event has ended.")
    is_news = True


class EventLongAgo(Refused):
    """The time to give feedback on the event is over."""

    words = _(
        "Feedback on this event can no longer be given. Call the counter if you want to tell something."
    )
    is_news = True


class ToldAlready(Refused):
    """Who came as a guest has told what the event was like: behind a link nobody reads or changes it."""

    words = _("You have told us what it was like. Thank you! If something is missing, call us.")
    is_news = True


class WasNotThere(Refused):
    """The person is marked absent, or had no place."""

    words = _("Feedback comes from those who were there. If you were, call the counter.")
    is_news = True
