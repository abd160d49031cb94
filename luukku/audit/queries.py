"""Reading back what was done."""

from django.db import connection, models

from luukku.audit.models import AuditEvent


def history(about: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to ``about``, oldest first."""
    return AuditEvent.objects.filter(
        object_type=about._meta.label_lower, object_id=str(about.pk)
    ).order_by("id")


def broken_place() -> int | None:
    """Return the first place at which the chain does not follow from what stands before it; None if whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(place) FROM (
              SELECT place, hash IS DISTINCT FROM sha256(coalesce(lag(hash) OVER chain, '') || audit_text(e))
                OR place <> row_number() OVER chain AS is_broken
              FROM audit_auditevent e WHERE place IS NOT NULL WINDOW chain AS (ORDER BY place)
              UNION ALL
              SELECT head.place, true FROM audit_chainhead head
              WHERE head.place <> coalesce((SELECT max(place) FROM audit_auditevent), 0)
            ) walked WHERE is_broken
            """
        )
        return cursor.fetchone()[0]
