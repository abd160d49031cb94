"""What the worker does by itself."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.core.times import helsinki
from luukku.search import actions

MISSES_KEPT = timedelta(days=365)


@task()
def forget_misses() -> int:
    """Delete words that found nothing more than a year ago."""
    return actions.forget_misses(before=helsinki(timezone.now()).date() - MISSES_KEPT)
