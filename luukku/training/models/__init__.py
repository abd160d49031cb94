"""Programmes of training, the times that they are held, and who applies, takes part and completes."""

from luukku.training.models.application import (
    Application,
    ApplicationQuerySet,
    Barrier,
    StopReason,
)
from luukku.training.models.certificate import Certificate, CertificateQuerySet, Standing
from luukku.training.models.programme import (
    MOST_MINUTES,
    Programme,
    ProgrammeQuerySet,
    ProgrammeTopic,
)
from luukku.training.models.run import Run, RunQuerySet

__all__ = [
    "MOST_MINUTES",
    "Application",
    "ApplicationQuerySet",
    "Barrier",
    "Certificate",
    "CertificateQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "ProgrammeTopic",
    "Run",
    "RunQuerySet",
    "Standing",
    "StopReason",
]
