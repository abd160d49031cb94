"""Entry points of the worker."""

from django_tasks import task

from luukku.audit import actions


@task()
def forget_readings() -> int:
    """Delete the notes of readings that are too old to be asked about."""
    return actions.forget_readings()
