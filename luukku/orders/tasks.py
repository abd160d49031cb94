"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.orders import actions


@task()
def forget_guests() -> int:
    """Delete the guests' drafts that nobody has confirmed."""
    return actions.forget_guests(at=timezone.now())


@task()
def forget_empty() -> int:
    """Delete the drafts in which nobody has written anything."""
    return actions.forget_empty(at=timezone.now())
