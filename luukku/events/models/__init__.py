"""Events with their sessions and places, and who has signed up for them."""

from luukku.events.models.event import (
    MOST_SEATS,
    Audience,
    Cover,
    Event,
    EventQuerySet,
    Group,
    How,
    Kind,
    Mode,
    Place,
    Series,
    Session,
)
from luukku.events.models.questions import Answer, AnswerKind, Question
from luukku.events.models.sign_up import (
    Attendance,
    AttendanceQuerySet,
    Booking,
    Guest,
    Presence,
    SignUp,
    SignUpQuerySet,
    Via,
)

__all__ = [
    "MOST_SEATS",
    "Answer",
    "AnswerKind",
    "Attendance",
    "AttendanceQuerySet",
    "Audience",
    "Booking",
    "Cover",
    "Event",
    "EventQuerySet",
    "Group",
    "Guest",
    "How",
    "Kind",
    "Mode",
    "Place",
    "Presence",
    "Question",
    "Series",
    "Session",
    "SignUp",
    "SignUpQuerySet",
    "Via",
]
