"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.assignments import actions


@task()
def expire_overdue() -> int:
    """End the offers whose time to answer has passed."""
    return actions.expire_overdue(at=timezone.now())
