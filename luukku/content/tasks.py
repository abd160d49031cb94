"""Entry points of the worker."""

from django.core.management import call_command
from django_tasks import task


@task()
def publish_scheduled() -> None:
    """Publish what was to be published by now, take away what was to be shown until now."""
    call_command("publish_scheduled", verbosity=0)
