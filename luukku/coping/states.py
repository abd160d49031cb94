"""What may happen to a sign of load."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.events.states import EventState
from luukku.workflow.states import Act, Move


class FlagState(TextChoices):
    """Where a sign of load stands."""

    RAISED = "raised", _("Noticed")
    ACTED = "acted", _("Talked about")
    DISMISSED = "dismissed", _("Put aside")
    ENDED = "ended", _("Passed")


LIVE_STATES = (FlagState.RAISED, FlagState.ACTED, FlagState.DISMISSED)  # the cause still stands
SETTLED_STATES = (FlagState.ACTED, FlagState.DISMISSED)
OVER = _("Somebody has already seen to this, or it is over.")

ASK_TALK = Act("coping.ask_talk", frozenset({FlagState.RAISED}), late=OVER)
ACT = Move("coping.act", frozenset({FlagState.RAISED}), FlagState.ACTED, late=OVER)
DISMISS = Move("coping.dismiss", frozenset({FlagState.RAISED}), FlagState.DISMISSED, late=OVER)
REOPEN = Move("coping.reopen", frozenset(SETTLED_STATES), FlagState.RAISED, late=OVER)
END = Move("coping.end", frozenset(LIVE_STATES), FlagState.ENDED)

# On an event.
INVITE = Act(
    "coping.invite",
    frozenset({EventState.PUBLISHED}),
    late=_("Signing up for this event has ended, so nobody can be invited."),
)
