"""Do the scheduled work and what has been put into the queue, until told to stop."""

import logging
import os
import sys
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from luukku.config.logs import AWAY_SECONDS, Once
from luukku.config.schedule import enqueue_due, retry_soon
from luukku.workflow.actions import take_back, work_lock

log = logging.getLogger(__name__)
QUEUES = ("default", "mail")
PATIENCE = 25  # seconds for a letter that is being sent when the worker has to stop


class ScheduledWorker(Worker):
    """django-tasks' database worker with a clock of its own and a stop that interrupts nothing."""

    def __init__(
        self,
        *,
        interval: float,
        parent: int | None = None,
        queues: tuple[str, ...] = QUEUES,
        has_clock: bool = True,
    ) -> None:
        super().__init__(
            queue_names=list(queues),
            interval=interval,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.is_time_to_say = Once(AWAY_SECONDS)
        self.stop = threading.Event()
        self.parent = parent
        self.has_clock = has_clock

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Finish the task in hand, then stop; at the second signal, stop at once."""
        if self.stop.is_set():
            self.reset_signals()
            sys.exit(1)
        self.stop.set()  # nothing else: the signal may come in the middle of a query

    def run(self) -> None:
        """Work until told to stop. A database that is away is waited for."""
        log.info("Worker %s at work", os.getpid())
        while not self.stop.is_set() and not self.is_orphan():
            try:
                self.work()
            except (OperationalError, InterfaceError) as error:
                if self.is_time_to_say():
                    log.warning(
                        "The database does not answer (%s); trying again.", type(error).__name__
                    )
                connection.close()
            close_old_connections()
            self.stop.wait(self.interval)
        log.info("Worker %s stopped", os.getpid())

    def work(self) -> int:
        """Queue what is due or was cut off, then do everything that waits; return how many tasks were done."""
        if self.has_clock:
            take_back()
            enqueue_due(at=timezone.now())
        count = 0
        while not self.stop.is_set() and (task := self.claim()) is not None:
            self.run_task(task)
            count += 1
        return count

    def claim(self) -> DBTaskResult | None:
        """Take one task that nobody else has taken."""
        with transaction.atomic():
            ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
            task = ready.filter(queue_name__in=self.queue_names).get_locked()
            if task is not None:
                work_lock(task.pk)
                task.claim(self.worker_id)
            return task

    def run_task(self, task: DBTaskResult) -> None:
        """Do one task; one that failed gets its next turn soon."""
        try:
            super().run_task(task)
        finally:
            work_lock(task.pk, is_held=False)
        if task.status == TaskResultStatus.FAILED:
            retry_soon(task, at=timezone.now())

    def is_orphan(self) -> bool:
        """Whether the process that started this one is gone, and could not say so."""
        return self.parent is not None and os.getppid() != self.parent


class Command(BaseCommand):
    """``manage.py worker``."""

    help = "Do scheduled and queued work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to stop when nothing is left."""
        parser.add_argument("--once", action="store_true", help="Do what is due and exit.")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between looks at the queue."
        )
        parser.add_argument(
            "--parent", type=int, help="Stop when this process is no longer the parent."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work."""
        logging.getLogger("django_tasks").setLevel(logging.WARNING)  # two lines a task say nothing
        if options["once"]:
            worker = ScheduledWorker(interval=options["interval"])
            worker.configure_signals()
            worker.work()
        else:
            run_beside(interval=options["interval"], parent=options["parent"])


def run_beside(*, interval: float, parent: int | None) -> None:
    """Do the mail in a thread of its own: other work goes on while a mail server keeps silent."""
    worker = ScheduledWorker(interval=interval, parent=parent, queues=("default",))
    postman = ScheduledWorker(interval=interval, queues=("mail",), has_clock=False)
    worker.configure_signals()
    mail = threading.Thread(target=postman.run, daemon=True)  # cut off, a letter is sent again
    mail.start()
    try:
        worker.run()
    finally:
        postman.stop.set()
        mail.join(timeout=PATIENCE)
