"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.notices import actions


@task()
def send_waiting() -> dict[str, int]:
    """Send what waits in the outbox."""
    return actions.send_outbox(at=timezone.now())


@task()
def send_digests() -> int:
    """Send the daily mails."""
    return actions.send_digests(at=timezone.now())
