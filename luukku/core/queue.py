"""Putting work into the queue that the worker empties."""

from datetime import datetime

from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet


def enqueue_once(path: str, *args: object) -> bool:
    """Queue the task at ``path`` with ``args`` unless it waits there already; return whether it had to be queued.

    Named by its path: an action may ask for its app's task, which stands above it. A task that still
    waits will see everything that has been committed until it starts, so one is enough;
    one that is put off is none.
    """
    if _asked(path, args).ready().exists():
        return False
    import_string(path).enqueue(*args)
    return True


def is_coming(path: str, *args: object) -> bool:
    """Return whether the task at ``path`` with ``args`` waits or is being done."""
    rows = _asked(path, args)
    return (rows.ready() | rows.running()).exists()


def _asked(path: str, args: tuple[object, ...]) -> DBTaskResultQuerySet:
    return DBTaskResult.objects.filter(
        task_path=path, args_kwargs={"args": list(args), "kwargs": {}}
    )


def enqueue(path: str, *args: object) -> None:
    """Queue the task at ``path`` with ``args``, to be done after the commit."""
    import_string(path).enqueue(*args)


def enqueue_later(path: str, *, after: datetime) -> None:
    """Queue the task at ``path``, to be done after ``after``."""
    import_string(path).using(run_after=after).enqueue()
