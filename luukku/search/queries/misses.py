"""When nothing is found: what was perhaps meant, and what the counter has not seen to."""

from __future__ import annotations

from django.db import connection
from django.db.models import Max, Min, QuerySet, Sum

from luukku.search.keys import asked_words
from luukku.search.models import Miss


def suggestions(question: str, *, language: str, limit: int = 3) -> list[str]:
    """Return words of the index that look like the question's: did you mean?"""
    words = [word.text for word in asked_words(question, language) if len(word.text) > 2]
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.word FROM unnest(%s::text[]) WITH ORDINALITY AS a (typed, n)"
            " CROSS JOIN LATERAL ("
            "   SELECT word, similarity(word, typed) AS likeness FROM search_documentword"
            "   WHERE word %% typed AND language = %s AND word <> typed"
            "   ORDER BY likeness DESC, length(word), word LIMIT %s) w"
            " ORDER BY w.likeness DESC, a.n, w.word LIMIT %s",
            [words, language, limit, limit],
        )
        return [word for (word,) in cursor.fetchall()]


def waiting_misses(*, limit: int = 200, is_latest_first: bool = False) -> QuerySet:
    """Return missed words that nobody has seen to, with how often and since when; the most missed first.

    Args:
        is_latest_first: those missed of late first.
    """
    order = ("-last", "-times") if is_latest_first else ("-times", "-last")
    return (
        Miss.objects.waiting()
        .values("words", "language")
        .annotate(times=Sum("count"), first=Min("day"), last=Max("day"))
        .order_by(*order, "words", "language")[:limit]
    )
