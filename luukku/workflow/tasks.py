"""Entry points of the worker."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.workflow import actions
from luukku.workflow.models import TYPED_AGE


@task()
def tidy() -> int:
    """Forget form tokens that no browser sends again, tallies that are over, old records of work."""
    at = timezone.now()
    return (
        actions.forget_submissions(before=at - timedelta(days=2))
        + actions.forget_tallies(at=at)
        + actions.forget_results(
            done_before=at - timedelta(days=1), any_before=at - timedelta(days=14)
        )
    )


@task()
def forget_typed() -> int:
    """Forget what was typed after a session had ended and nobody came back for."""
    return actions.forget_typed(before=timezone.now() - TYPED_AGE)
