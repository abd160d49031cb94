"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.experts import actions


@task()
def remind_of_ends() -> int:
    """Remind of the trainings that soon count no more."""
    return actions.remind_of_ends(at=timezone.now())
