"""The schedule: complete, and once a period."""

import importlib
import importlib.util
import inspect
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from luukku.config import schedule
from luukku.config.schedule import SCHEDULE, enqueue_due
from tests import patience

NAMES = sorted(SCHEDULE)


def queued():
    return sorted(
        path.rsplit(".", 1)[1] for path in DBTaskResult.objects.values_list("task_path", flat=True)
    )


def test_every_task_is_on_the_schedule_or_asked_for_by_somebody():
    """What needs to be told something cannot come by the clock: an action queues it by its path."""
    found, asked_for = set(), set()
    for app in apps.get_app_configs():
        if app.name.startswith("luukku.") and importlib.util.find_spec(f"{app.name}.tasks"):
            module = importlib.import_module(f"{app.name}.tasks")
            for task in vars(module).values():
                if isinstance(task, Task):
                    needs = inspect.signature(task.func).parameters
                    (asked_for if needs else found).add(task.module_path)

    assert {task.module_path for _every, task in SCHEDULE.values()} == found
    files = [*settings.PACKAGE.rglob("actions.py"), *settings.PACKAGE.rglob("actions/*.py")]
    code = "".join(path.read_text() for path in files)
    assert {path for path in asked_for if f'"{path}"' not in code} == set()


@pytest.mark.django_db
def test_work_is_queued_when_its_turn_has_come(at):
    assert sorted(enqueue_due(at=at)) == NAMES
    assert queued() == NAMES

    assert enqueue_due(at=at + timedelta(seconds=59)) == []
    assert enqueue_due(at=at + timedelta(minutes=5)) == [
        "send_waiting",
        "expire_overdue",
        "settle_places",
        "publish_scheduled",
    ]


@pytest.mark.django_db
def test_work_that_still_waits_is_not_queued_twice(at):
    enqueue_due(at=at)

    enqueue_due(at=at + timedelta(days=2))

    assert queued() == NAMES


@pytest.mark.django_db
def test_turn_is_given_back_when_the_work_could_not_be_queued(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(schedule, "enqueue_once", lambda path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            enqueue_due(at=at)

    assert sorted(enqueue_due(at=at)) == NAMES


@pytest.mark.django_db(transaction=True)
def test_many_workers_queue_each_piece_once(at):
    start, taken = threading.Barrier(6), []

    def work():
        try:
            start.wait()
            taken.extend(enqueue_due(at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience.SECONDS)

    assert sorted(taken) == NAMES
    assert queued() == NAMES
