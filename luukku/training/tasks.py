"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.training import actions


@task()
def forget_applications() -> int:
    """Forget applications when their time has come."""
    return actions.forget_applications(at=timezone.now())
