"""Reading back what was done, and who looked."""

from datetime import date, datetime
from typing import TypedDict

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, models
from django.db.models import Count, F, Func, IntegerField, Max, Min, Value
from django.db.models.functions import TruncDate

from luukku.audit.models import AccessLog, AuditEvent
from luukku.core.times import HELSINKI


def history(about: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to ``about``, oldest first."""
    return AuditEvent.objects.filter(
        object_type=about._meta.label_lower, object_id=str(about.pk)
    ).order_by("id")


class Look(TypedDict):
    """One reader on one page on one day."""

    day: date
    page: str
    reader_id: int
    reader_as: str
    organisation_id: int | None
    times: int
    first: datetime
    last: datetime
    people: int
    whats: list[str]


def looks_at(person_id: int) -> models.QuerySet[AccessLog, Look]:
    """Return who has looked at this person's data, the latest first; never the person themselves.

    A row is one reader on one page on one day (Helsinki): ``times`` how often, ``first`` and ``last`` when,
    ``whats`` the fields as ``AccessLog.what`` holds them, ``people`` the most people on one list.
    """
    page = Func(
        F("why"), Value(" "), Value(1), function="split_part", output_field=models.CharField()
    )
    people = Func(F("person_ids"), function="cardinality", output_field=IntegerField())
    return (
        AccessLog.objects.of(person_id)
        .annotate(day=TruncDate("at", tzinfo=HELSINKI), page=page)
        .values("day", "reader_id", "reader_as", "organisation_id", "page")
        .annotate(
            times=Count("pk"),
            first=Min("at"),
            last=Max("at"),
            people=Max(people),
            whats=ArrayAgg("what", distinct=True, order_by="what"),
        )
        .order_by("-last", "reader_id", "page", "reader_as", "organisation_id")
    )


def shown_to(reader_id: int, *, since: datetime, until: datetime) -> models.QuerySet[AccessLog]:
    """Return what this account was shown of others from ``since`` up to ``until``, the latest first."""
    return AccessLog.objects.by(reader_id).between(since, until).order_by("-at", "-pk")


def shown_of(person_id: int, *, since: datetime, until: datetime) -> models.QuerySet[AccessLog]:
    """Return who was shown this person's data from ``since`` up to ``until``, the latest first."""
    return AccessLog.objects.of(person_id).between(since, until).order_by("-at", "-pk")


def how_many_people(rows: models.QuerySet[AccessLog]) -> int:
    """Return how many different people with an account the readings ``rows`` are of."""
    people = Func(F("person_ids"), function="unnest", output_field=models.BigIntegerField())
    each = rows.order_by().annotate(person=people).values("person").distinct()
    return sum(1 for row in each if row["person"])


def how_many_readers(rows: models.QuerySet[AccessLog]) -> int:
    """Return how many different accounts looked in the readings ``rows``."""
    return rows.order_by().exclude(reader_id=0).values("reader_id").distinct().count()


def years_of_looks(person_id: int) -> list[int]:
    """Return the years (Helsinki) in which somebody has looked at this person's data, the latest first."""
    ends = AccessLog.objects.of(person_id).aggregate(first=Min("at"), last=Max("at"))
    if ends["first"] is None:
        return []
    first, last = (ends[name].astimezone(HELSINKI).year for name in ("first", "last"))
    return list(range(last, first - 1, -1))


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
