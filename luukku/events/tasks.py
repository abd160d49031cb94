"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.events import actions


@task()
def settle_places() -> int:
    """Give on the places that were kept too long, and let events end that are over."""
    at = timezone.now()
    return actions.settle_all(at=at) + actions.finish_past(at=at)


@task()
def forget_events() -> int:
    """Forget sensitive answers, guests and materials when their time has come."""
    at = timezone.now()
    forgotten = actions.forget_sensitive(at=at) + actions.forget_guests(at=at)
    return forgotten + actions.forget_materials(at=at)


@task()
def remind_of_tomorrow() -> int:
    """Remind those who come to something tomorrow."""
    return actions.remind(at=timezone.now())
