"""Who has been shown many cards by the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

WIDE_DAYS = 30


@dataclass(frozen=True)
class Reads:
    """How many different cards one account has been shown by the search.

    Attributes:
        cards: different experts in ``WIDE_DAYS`` days.
        days: on how many days.
        most: the most on one day.
    """

    user_id: int
    cards: int
    days: int
    most: int


def who_reads_most(*, on: date, limit: int = 50, user_id: int | None = None) -> list[Reads]:
    """Return who has been shown the most different cards in the days up to ``on``, the most first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, count(DISTINCT expert), count(DISTINCT d.id), max(cardinality(expert_ids))"
            " FROM search_cardday d, unnest(expert_ids) expert"
            ' WHERE d."on" > %s AND d."on" <= %s AND (%s::bigint IS NULL OR user_id = %s)'
            " GROUP BY user_id ORDER BY 2 DESC, 1 LIMIT %s",
            [on - timedelta(days=WIDE_DAYS), on, user_id, user_id, limit],
        )
        return [Reads(*row) for row in cursor.fetchall()]
