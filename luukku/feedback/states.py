"""What may happen to a wish for a debrief."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.assignments.states import AssignmentState
from luukku.events.states import SignUpState
from luukku.workflow.states import Act, Move


class DebriefState(TextChoices):
    """Where a debrief stands."""

    ASKED = "asked", _("Waiting for the counter")
    HELD = "held", _("Held")
    DROPPED = "dropped", _("Not needed after all")


HOLD = Move("feedback.hold_debrief", frozenset({DebriefState.ASKED}), DebriefState.HELD)
DROP = Move("feedback.drop_debrief", frozenset({DebriefState.ASKED}), DebriefState.DROPPED)

# Of a task.
GIVE_AS_EXPERT = Act("feedback.give_as_expert", frozenset({AssignmentState.DONE}))
GIVE_AS_ORDERER = Act("feedback.give_as_orderer", frozenset({AssignmentState.DONE}))

# Of a sign-up for an event.
TELL_OF_EVENT = Act("feedback.tell_of_event", frozenset({SignUpState.CONFIRMED}))
