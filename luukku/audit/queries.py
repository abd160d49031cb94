"""Reading back what was done."""

from django.db import models

from luukku.audit.models import AuditEvent


def history(about: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to ``about``, oldest first."""
    return AuditEvent.objects.filter(
        object_type=about._meta.label_lower, object_id=str(about.pk)
    ).order_by("id")
