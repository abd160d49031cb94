"""Reading back what was done."""

from django.db import connection, models

from luukku.audit.models import AuditEvent


def history(about: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to ``about``, oldest first."""
    return AuditEvent.objects.filter(
        object_type=about._meta.label_lower, object_id=str(about.pk)
    ).order_by("id")


def verify_chain(*, since: int = 0) -> int | None:
    """Return the first place at which the chain is broken; None if it is whole. Outside a transaction only.

    Broken is a place whose row is missing or does not follow from the row before it, one behind the end
    when rows are missing there, and one behind the end when rows were written past the seal.

    Args:
        since: a place known to be right, e.g. of an anchor; only what comes after it is walked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH start AS (
              SELECT 0::bigint AS place, ''::bytea AS hash WHERE %(since)s = 0
              UNION ALL SELECT place, hash FROM audit_auditevent WHERE place = %(since)s
            ), walked AS (
              SELECT e.place, e.hash, %(since)s + row_number() OVER chain AS expected,
                sha256(lag(e.hash, 1, start.hash) OVER chain || audit_text(e)) AS sealed
              FROM audit_auditevent e, start WHERE e.place > %(since)s WINDOW chain AS (ORDER BY e.place)
            ), ends AS (
              SELECT coalesce((SELECT max(place) FROM audit_auditevent), 0) AS rows,
                coalesce((SELECT place FROM audit_chainhead), 0) AS head
            )
            SELECT min(place) FROM (
              SELECT %(since)s AS place WHERE NOT EXISTS (SELECT FROM start)
              UNION ALL
              SELECT expected FROM walked WHERE place <> expected OR hash IS DISTINCT FROM sealed
              UNION ALL
              SELECT least(rows, head) + 1 FROM ends WHERE rows <> head
              UNION ALL
              SELECT e.place FROM audit_auditevent e JOIN audit_chainhead h USING (place) WHERE e.hash <> h.hash
              UNION ALL
              SELECT rows + 1 FROM ends WHERE EXISTS (SELECT FROM audit_auditevent WHERE place IS NULL)
            ) AS broken
            """,
            {"since": since},
        )
        return cursor.fetchone()[0]
