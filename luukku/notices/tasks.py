"""Entry points of the worker. What speaks to the mail server has a queue of its own: other work goes on meanwhile."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from luukku.notices import actions

AT_A_TIME = 20  # letters until the clock is asked again: a code written meanwhile goes first


@task(queue_name="mail")
def send_waiting() -> dict[str, int]:
    """Send what waits in the outbox."""
    counts = {"sent": 0, "failed": 0}
    while True:
        some = actions.send_outbox(at=timezone.now(), most=AT_A_TIME)
        counts = {name: counts[name] + some[name] for name in counts}
        if sum(some.values()) < AT_A_TIME:  # nothing is due any more, or the server is away
            return counts


@task(queue_name="mail")
def send_digests() -> int:
    """Send the daily mails."""
    return actions.send_digests(at=timezone.now())


@task()
def forget_letters() -> int:
    """Delete the letters that reached their readers long ago."""
    return actions.forget_old(before=timezone.now() - timedelta(days=90))
