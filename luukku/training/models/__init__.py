"""Programmes of training, the times that they are held, and who applies, takes part and completes."""

from luukku.training.models.application import (
    Application,
    ApplicationQuerySet,
    Barrier,
    StopReason,
)
from luukku.training.models.badge import Badge, BadgeIssuer, BadgeQuerySet, free_index
from luukku.training.models.certificate import Certificate, CertificateQuerySet, Standing
from luukku.training.models.core import CommonCore, CoreTopic
from luukku.training.models.paper import LANGUAGES, Paper, PaperQuerySet
from luukku.training.models.programme import (
    MOST_MINUTES,
    NUMBERS,
    Programme,
    ProgrammeQuerySet,
    ProgrammeTopic,
)
from luukku.training.models.run import Run, RunQuerySet
from luukku.training.models.wish import TrainingWish

__all__ = [
    "LANGUAGES",
    "MOST_MINUTES",
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
    "Paper",
    "PaperQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "ProgrammeTopic",
    "Run",
    "RunQuerySet",
    "Standing",
    "StopReason",
    "TrainingWish",
    "free_index",
]
