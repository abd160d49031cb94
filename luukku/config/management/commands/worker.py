"""Do the scheduled work and what has been put into the queue, until told to stop."""

import random
import string

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from luukku.config.schedule import SCHEDULE
from luukku.workflow.actions import take_turn


class ScheduledWorker(Worker):
    """django-tasks' database worker that also puts due work into its own queue."""

    @property
    def running(self) -> bool:
        """Asked before each look at the queue: the moment to add what is due."""
        if self._running:
            enqueue_due()
        return self._running

    @running.setter
    def running(self, value: bool) -> None:
        self._running = value


def enqueue_due() -> int:
    """Put the scheduled work whose turn has come into the queue; return how much."""
    at, count = timezone.now(), 0
    for name, (every, task) in SCHEDULE.items():
        if take_turn(name, every=every, at=at):
            task.enqueue()
            count += 1
    return count


class Command(BaseCommand):
    """``manage.py worker``."""

    help = "Do scheduled and queued work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to stop when nothing is left."""
        parser.add_argument("--once", action="store_true", help="Do what is due and exit.")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between looks at the queue."
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Work."""
        DBTaskResult.objects.finished().filter(
            finished_at__lt=timezone.now() - timezone.timedelta(days=7)
        ).delete()
        worker = ScheduledWorker(
            queue_names=["default"],
            interval=options["interval"],
            batch=options["once"],
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id="".join(random.choices(string.ascii_lowercase, k=16)),  # noqa: S311 -- a name, not a secret
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()
