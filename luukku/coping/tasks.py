"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.coping import actions


@task()
def look_for_load() -> int:
    """Look for signs that somebody carries too much, and forget old ones."""
    at = timezone.now()
    actions.forget_ended(at=at)
    actions.forget_talks(at=at)
    actions.forget_invitations(at=at)
    return actions.look(at=at)


@task()
def remind_backgrounds() -> int:
    """Remind background organisations of what is open, each once a month at most."""
    return actions.remind(at=timezone.now())
