"""Entry points of the worker."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.workflow import actions


@task()
def tidy() -> int:
    """Forget form tokens that no browser sends again."""
    return actions.forget_submissions(before=timezone.now() - timedelta(days=2))
