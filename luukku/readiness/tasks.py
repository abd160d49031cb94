"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.readiness import actions


@task()
def look_at_loans() -> int:
    """Remind of borrowed equipment, let go of what was not fetched, and forget old loans."""
    at = timezone.now()
    actions.lapse_loans(at=at)
    actions.forget_loans(at=at)
    return actions.remind_of_loans(at=at)
