"""What the worker does by itself."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.core.times import helsinki
from luukku.search import actions

MISSES_KEPT = timedelta(days=365)
CARD_DAYS_KEPT = timedelta(days=90)
REASONS_KEPT = timedelta(days=2 * 365)  # as long as the notes of readings


@task()
def forget_misses() -> int:
    """Delete words that found nothing more than a year ago."""
    return actions.forget_misses(before=helsinki(timezone.now()).date() - MISSES_KEPT)


@task()
def forget_card_days() -> int:
    """Delete whose cards were shown over three months ago, and reasons over two years old."""
    today = helsinki(timezone.now()).date()
    return actions.forget_card_days(
        before=today - CARD_DAYS_KEPT, reasons_before=today - REASONS_KEPT
    )
