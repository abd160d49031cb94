"""Programmes of training, the times that they are held, and who applies, takes part and completes."""

from luukku.training.models.application import (
    Application,
    ApplicationQuerySet,
    Barrier,
    StopReason,
)
from luukku.training.models.badge import Badge, BadgeIssuer, BadgeQuerySet, free_index
from luukku.training.models.certificate import Certificate, CertificateQuerySet, Standing
from luukku.training.models.core import (
    LONGEST_REASON,
    CommonCore,
    CoreTopic,
    ProgrammeNo,
    ProgrammeYes,
)
from luukku.training.models.lecture import (
    MOST_STUDENTS,
    LectureFeedback,
    PracticeLecture,
    PracticeLectureQuerySet,
)
from luukku.training.models.paper import LANGUAGES, Paper, PaperQuerySet
from luukku.training.models.programme import (
    MOST_MINUTES,
    NUMBERS,
    Programme,
    ProgrammeQuerySet,
    ProgrammeTopic,
)
from luukku.training.models.report import RunReport, RunReportQuerySet
from luukku.training.models.run import Run, RunQuerySet
from luukku.training.models.thread import (
    KEEP_MESSAGES,
    LONGEST_DECISION,
    LONGEST_MESSAGE,
    Thread,
    ThreadDecision,
    ThreadDecisionQuerySet,
    ThreadMessage,
    ThreadMessageQuerySet,
    ThreadQuerySet,
)
from luukku.training.models.wish import TrainingWish

__all__ = [
    "KEEP_MESSAGES",
    "LANGUAGES",
    "LONGEST_DECISION",
    "LONGEST_MESSAGE",
    "LONGEST_REASON",
    "MOST_MINUTES",
    "MOST_STUDENTS",
    "NUMBERS",
    "Application",
    "ApplicationQuerySet",
    "Badge",
    "BadgeIssuer",
    "BadgeQuerySet",
    "Barrier",
    "Certificate",
    "CertificateQuerySet",
    "CommonCore",
    "CoreTopic",
    "LectureFeedback",
    "Paper",
    "PaperQuerySet",
    "PracticeLecture",
    "PracticeLectureQuerySet",
    "Programme",
    "ProgrammeNo",
    "ProgrammeQuerySet",
    "ProgrammeTopic",
    "ProgrammeYes",
    "Run",
    "RunQuerySet",
    "RunReport",
    "RunReportQuerySet",
    "Standing",
    "StopReason",
    "Thread",
    "ThreadDecision",
    "ThreadDecisionQuerySet",
    "ThreadMessage",
    "ThreadMessageQuerySet",
    "ThreadQuerySet",
    "TrainingWish",
    "free_index",
]
