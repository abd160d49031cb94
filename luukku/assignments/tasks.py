"""Entry points of the worker."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.assignments import actions


@task()
def expire_overdue() -> int:
    """End the offers whose time to answer has passed."""
    return actions.expire_overdue(at=timezone.now())


@task()
def forget_undos() -> int:
    """Forget how things were before acts that can no longer be taken back."""
    return actions.forget_undos(before=timezone.now() - timedelta(minutes=30))
