"""What may happen to a programme of training and to an application for it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luukku.events.states import EventState
from luukku.workflow.states import Act, Move


class ProgrammeState(TextChoices):
    """How far the producers are with a programme."""

    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shared with the other producers")
    AGREED = "agreed", _("Agreed on together")
    RETIRED = "retired", _("Not held any more")


UNDER_WORK = frozenset({ProgrammeState.DRAFT, ProgrammeState.SHARED})

# What has been agreed on is not changed: a new version of it is begun.
EDIT = Act("training.edit", UNDER_WORK)
RENEW = Act("training.renew", frozenset({ProgrammeState.AGREED, ProgrammeState.RETIRED}))
SHARE = Move("training.share", frozenset({ProgrammeState.DRAFT}), ProgrammeState.SHARED)
PROPOSE = Act("training.propose", frozenset({ProgrammeState.SHARED}))
SAY_YES = Act("training.say_yes", frozenset({ProgrammeState.SHARED}))
SAY_NO = Act("training.say_no", frozenset({ProgrammeState.SHARED}))
WITHDRAW_YES = Act("training.withdraw_yes", frozenset({ProgrammeState.SHARED}))
NOTE_ASKED = Act("training.note_asked", frozenset({ProgrammeState.DRAFT, ProgrammeState.SHARED}))
TAKE_BACK = Move("training.take_back", frozenset({ProgrammeState.SHARED}), ProgrammeState.DRAFT)
AGREE = Move("training.agree", frozenset({ProgrammeState.SHARED}), ProgrammeState.AGREED)
RETIRE = Move("training.retire", frozenset({ProgrammeState.AGREED}), ProgrammeState.RETIRED)
RESUME = Move("training.resume", frozenset({ProgrammeState.RETIRED}), ProgrammeState.AGREED)


class LectureState(TextChoices):
    """Where a date for a practice lecture stands."""

    OPEN = "open", _("A date to take")
    TAKEN = "taken", _("Taken for a training")
    HELD = "held", _("The lecture was held")
    CANCELLED = "cancelled", _("The school has cancelled it")


L = LectureState
TAKE_LECTURE = Move("training.take_lecture", frozenset({L.OPEN}), L.TAKEN)
LET_LECTURE_GO = Move("training.let_lecture_go", frozenset({L.TAKEN}), L.OPEN)
CANCEL_LECTURE = Move("training.cancel_lecture", frozenset({L.OPEN, L.TAKEN}), L.CANCELLED)
LINK_LECTURE = Act("training.link_lecture", frozenset({L.OPEN, L.TAKEN}))
COUNT_STUDENTS = Move("training.count_students", frozenset({L.TAKEN}), L.HELD)
CORRECT_STUDENTS = Act("training.correct_students", frozenset({L.HELD}))
THINK_OF_LECTURE = Act("training.think_of_lecture", frozenset({L.TAKEN, L.HELD}))


class ApplicationState(TextChoices):
    """Where an application stands."""

    KEPT = "kept", _("Second choice, waits for the first")
    SENT = "sent", _("Waiting for an answer")
    INTERVIEW = "interview", _("Invited to an interview")
    CHOSEN = "chosen", _("Chosen")
    NOT_CHOSEN = "not_chosen", _("Was not chosen")
    WITHDRAWN = "withdrawn", _("Application withdrawn")
    CALLED_OFF = "called_off", _("The training is not held")
    STOPPED = "stopped", pgettext_lazy("training", "Stopped")
    COMPLETED = "completed", _("Completed")


S = ApplicationState
TO_ANSWER = frozenset({S.SENT, S.INTERVIEW})
LIVE_APPLICATIONS = TO_ANSWER | {S.KEPT, S.CHOSEN}
TAKEN_IN = frozenset({S.CHOSEN, S.STOPPED, S.COMPLETED})
WITH_HOURS = frozenset({S.STOPPED, S.COMPLETED})

# Of the run's event: its state says whether one can apply.
APPLY = Act(
    "training.apply",
    frozenset({EventState.PUBLISHED}),
    late=_("Applying for this training has ended."),
)
PASS_ON = Move("training.pass_on", frozenset({S.KEPT}), S.SENT)
INVITE = Move("training.invite", TO_ANSWER, S.INTERVIEW)
CHOOSE = Move("training.choose", TO_ANSWER, S.CHOSEN)
TURN_DOWN = Move("training.turn_down", TO_ANSWER, S.NOT_CHOSEN)
WITHDRAW = Move("training.withdraw", LIVE_APPLICATIONS, S.WITHDRAWN)
STOP = Move("training.stop", frozenset({S.CHOSEN}), S.STOPPED)
COMPLETE = Move("training.complete", frozenset({S.CHOSEN}), S.COMPLETED)
CALL_OFF = Move("training.call_off", LIVE_APPLICATIONS, S.CALLED_OFF)
