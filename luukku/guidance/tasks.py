"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.guidance import actions


@task()
def keep_promises() -> int:
    """Remind of the promises that are about to break."""
    return actions.remind(at=timezone.now())


@task()
def close_quiet() -> int:
    """Close the threads in which nobody writes any more."""
    return actions.close_quiet(at=timezone.now())


@task()
def forget_old() -> int:
    """Delete the threads that were closed two years ago."""
    return actions.forget_old(at=timezone.now())
