"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.feedback import actions


@task()
def close_past() -> int:
    """Close the tasks that have ended and the orders that have waited long enough."""
    at = timezone.now()
    return actions.close_past(at=at) + actions.close_old(at=at)


@task()
def ask_of_events() -> int:
    """Ask those who were at an event yesterday, and forget what was told a year ago."""
    at = timezone.now()
    return actions.ask_of_events(at=at) + actions.forget_event_feedback(at=at)


@task()
def ask_what_changed() -> int:
    """Ask the orderers whose day has come."""
    return actions.ask_what_changed(at=timezone.now())


@task()
def send_links_again(sealed: str) -> int:
    """Send the links for feedback to whoever has the address in ``sealed``, if anybody."""
    return actions.send_links_to(sealed, at=timezone.now())
