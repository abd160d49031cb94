"""Turns of scheduled work, and what is forgotten in time."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from luukku.workflow import tasks
from luukku.workflow.actions import forget_results, forget_submissions, take_back, take_turn
from luukku.workflow.models import Submission, Turn
from tests import patience

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_turn_comes_once_a_period(at):
    assert take_turn("sweep", every=MINUTE, at=at) is True
    assert take_turn("sweep", every=MINUTE, at=at) is False
    assert take_turn("sweep", every=MINUTE, at=at + timedelta(seconds=59)) is False
    assert take_turn("sweep", every=MINUTE, at=at + MINUTE) is True
    assert take_turn("dust", every=MINUTE, at=at) is True
    assert sorted(Turn.objects.values_list("name", "taken_at")) == [
        ("dust", at),
        ("sweep", at + MINUTE),
    ]
    assert str(Turn.objects.get(name="dust")) == "dust"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_been_taken_before", [False, True])
def test_turn_is_taken_by_one_of_many_workers(at, has_been_taken_before):
    if has_been_taken_before:
        take_turn("sweep", every=MINUTE, at=at - MINUTE)
    start, results = threading.Barrier(8), []

    def work():
        try:
            start.wait()
            results.append(take_turn("sweep", every=MINUTE, at=at))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience.SECONDS)

    assert sorted(results) == [False] * 7 + [True]


def test_turn_that_somebody_took_while_we_waited_is_theirs(at, monkeypatch):
    """The look without a lock may be out of date; the one with it decides."""
    take_turn("sweep", every=MINUTE, at=at)
    look = type(Turn.objects.all()).exists
    monkeypatch.setattr(
        type(Turn.objects.all()), "exists", lambda self: self.model is not Turn and look(self)
    )

    assert take_turn("sweep", every=MINUTE, at=at) is False


def make_submission(at):
    return Submission.objects.create(token=uuid.uuid4(), path="/fi/orderer/", at=at)


def test_submissions_are_forgotten_after_their_time(at):
    make_submission(at - timedelta(seconds=1))
    kept = make_submission(at)

    assert forget_submissions(before=at) == 1

    assert list(Submission.objects.all()) == [kept]
    assert str(kept) == "/fi/orderer/"


def make_result(status, *, enqueued_at, finished_at=None):
    result = DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="luukku.workflow.tasks.tidy",
        backend_name="default",
        run_after=enqueued_at,
        finished_at=finished_at,
        exception_class_path="",
        traceback="",
    )
    DBTaskResult.objects.filter(pk=result.pk).update(enqueued_at=enqueued_at)
    return result.pk


def test_records_of_work_are_forgotten_but_never_work_that_waits(at):
    day, long_ago = timedelta(days=1), at - timedelta(days=15)
    kept = {
        make_result("READY", enqueued_at=long_ago),
        make_result("RUNNING", enqueued_at=at - day),
        make_result("FAILED", enqueued_at=at - 2 * day, finished_at=at - 2 * day),
        make_result("SUCCESSFUL", enqueued_at=at - 2 * day, finished_at=at - day),
    }
    make_result("SUCCESSFUL", enqueued_at=at - 2 * day, finished_at=at - day - MINUTE)
    make_result("RUNNING", enqueued_at=long_ago)  # its worker was killed
    make_result("FAILED", enqueued_at=long_ago, finished_at=long_ago)

    assert forget_results(done_before=at - day, any_before=at - 14 * day) == 3

    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_tidy_forgets_both(now):
    make_submission(now - timedelta(days=3))
    make_submission(now - timedelta(days=1))
    make_result(
        "SUCCESSFUL", enqueued_at=now - timedelta(days=3), finished_at=now - timedelta(days=3)
    )
    make_result("FAILED", enqueued_at=now - timedelta(days=3), finished_at=now - timedelta(days=3))

    assert tasks.tidy.func() == 2

    assert (Submission.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_work_that_ends_while_it_is_looked_at_is_not_done_twice(at):
    """Its worker lets go and writes that it is done between our list and our lock."""
    pk = make_result("RUNNING", enqueued_at=at)

    def ending(execute, sql, params, many, context):
        if "pg_try_advisory_xact_lock" in sql:
            DBTaskResult.objects.filter(pk=pk).update(status="SUCCESSFUL", finished_at=at)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ending):
        count = take_back()

    assert (count, DBTaskResult.objects.get().status) == (0, "SUCCESSFUL")
