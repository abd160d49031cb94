"""The queue's backend: a task that the database ended for another transaction's sake is done once more."""

from functools import partial
from typing import Any

from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

from luukku.core.clashes import once_more


class RepeatedTask(Task[..., Any]):
    """Every entry point of the worker is safe to repeat."""

    __slots__ = ()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Do the work, a second time if it clashed."""
        return once_more(partial(Task.call, self, *args, **kwargs))


class Backend(DatabaseBackend):
    """The database's queue."""

    task_class = RepeatedTask  # type: ignore[assignment]  # the library foresees no class but its own
