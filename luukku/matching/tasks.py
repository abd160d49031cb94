"""Entry points of the worker."""

from django_tasks import task

from luukku.matching import actions


@task()
def rebuild_supply() -> int:
    """Let old tasks drop out of everybody's load."""
    return actions.rebuild_supply()
