"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.workbench import actions


@task()
def forget_taken() -> int:
    """Delete who had taken what was handed out long ago."""
    return actions.forget_taken(at=timezone.now())


@task()
def forget_filters() -> int:
    """Delete the saved filters of those who have left the counter."""
    return actions.forget_filters()


@task()
def forget_notes() -> int:
    """Delete old internal notes."""
    return actions.forget_notes(at=timezone.now())
