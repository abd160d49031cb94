"""The worker: does what is due, outlives what fails, stops between tasks."""

import signal
import socket
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from luukku.config.management.commands import worker as command
from luukku.config.management.commands.worker import ScheduledWorker
from luukku.config.schedule import enqueue_due
from luukku.core.queue import enqueue, enqueue_later, enqueue_once
from luukku.notices import actions
from luukku.notices.models import Letter
from luukku.orders.notices import GuestAsked
from luukku.search.models import Miss
from luukku.workflow.actions import MOST_STARTS, take_back, work_lock
from luukku.workflow.models import Turn
from tests import patience
from tests.config.conftest import eventually
from tests.factories.orders import make_guest_draft
from tests.orders.test_guests import ask

DAILY = "luukku.search.tasks.forget_misses"
ASKED_FOR = "luukku.feedback.tasks.send_links_again"
SEND = "luukku.notices.tasks.send_waiting"


def write_letter(at):
    ask(make_guest_draft(at), at)
    return Letter.objects.get(kind=GuestAsked.kind)


def states():
    return set(DBTaskResult.objects.values_list("status", flat=True))


@pytest.fixture(autouse=True)
def _signals():
    """Give pytest its own signal handlers back."""
    kept = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    }
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.django_db
def test_once_does_everything_that_is_due_and_ends(now):
    letter = write_letter(now)

    call_command("worker", "--once")

    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert len(mail.outbox) == 1
    assert states() == {TaskResultStatus.SUCCESSFUL}
    assert Turn.objects.count() == DBTaskResult.objects.count() > 5


@pytest.mark.django_db
def test_task_that_fails_holds_up_no_other(now, monkeypatch):
    def fail(*, at):
        raise ValueError("no")

    monkeypatch.setattr(actions, "send_digests", fail)
    letter = write_letter(now)

    call_command("worker", "--once")

    letter.refresh_from_db()
    assert letter.sent_at is not None
    failed = DBTaskResult.objects.get(status=TaskResultStatus.FAILED)
    assert failed.task_path == "luukku.notices.tasks.send_digests"
    assert states() == {TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL}


@pytest.mark.django_db
def test_stop_lets_the_task_in_hand_end_and_begins_no_other(monkeypatch):
    worker = ScheduledWorker(interval=0)
    monkeypatch.setattr(command, "enqueue_due", lambda *, at: enqueue_once(SEND))
    monkeypatch.setattr(
        command, "close_old_connections", lambda: None
    )  # the test's own transaction
    sent = []

    def send(*, at, most):
        worker.shutdown(signal.SIGTERM, None)
        sent.append(at)
        enqueue_once(SEND)
        return {"sent": 0, "failed": 0}

    monkeypatch.setattr(actions, "send_outbox", send)

    worker.run()

    assert len(sent) == 1
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_second_signal_stops_at_once():
    worker = ScheduledWorker(interval=0)
    worker.shutdown(signal.SIGTERM, None)

    with pytest.raises(SystemExit):
        worker.shutdown(signal.SIGTERM, None)


@pytest.mark.django_db
def test_database_that_is_away_is_waited_for(monkeypatch, caplog):
    worker, looks, closed = ScheduledWorker(interval=0), [], []

    def work():
        looks.append(1)
        if len(looks) < 3:
            raise OperationalError("the password is secret")
        worker.stop.set()

    monkeypatch.setattr(worker, "work", work)
    monkeypatch.setattr(command.connection, "close", lambda: closed.append(1))
    monkeypatch.setattr(command, "close_old_connections", lambda: None)

    worker.run()

    assert (len(looks), len(closed)) == (3, 2)
    assert caplog.text.count("does not answer (OperationalError)") == 1  # not once a second
    assert "secret" not in caplog.text


def test_orphan_stops(monkeypatch):
    monkeypatch.setattr(command.os, "getppid", lambda: 1)
    worker = ScheduledWorker(interval=0, parent=4711)

    worker.run()

    assert not worker.stop.is_set()
    assert not ScheduledWorker(interval=0, parent=1).is_orphan()
    assert not ScheduledWorker(interval=0).is_orphan()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_as_a_process_sends_and_stops_on_sigterm(manage, now):
    letter = write_letter(now)
    process = manage("worker", "--interval", "0.1")

    eventually(lambda: Letter.objects.filter(pk=letter.pk, sent_at__isnull=False).exists())
    process.send_signal(signal.SIGTERM)
    output, _nothing = process.communicate(timeout=patience.SECONDS)

    assert process.returncode == 0
    assert f"Message-ID: {letter.message_id}" in output
    assert "stopped" in output
    assert states() <= {TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY}  # none was cut off


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_daily_job_whose_worker_is_killed_is_done_by_the_next_at_once(manage, now):
    """SIGKILL in the middle of ``forget_misses``: a row of another is held, so it stands still there."""
    Miss.objects.create(words="liian vanha", language="fi", day=now.date() - timedelta(days=400))
    with transaction.atomic():
        Miss.objects.select_for_update().get()
        process = manage("worker", "--once")
        eventually(lambda: DBTaskResult.objects.filter(task_path=DAILY, status="RUNNING").exists())
        process.kill()
        process.wait()
    assert Miss.objects.count() == 1

    manage("worker", "--once").wait(timeout=patience.SECONDS)

    assert Miss.objects.count() == 0
    done = DBTaskResult.objects.get(task_path=DAILY)
    assert (done.status, len(done.worker_ids)) == ("SUCCESSFUL", 2)
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


@pytest.mark.django_db(transaction=True)
def test_task_in_hand_is_not_taken_from_a_worker_that_lives(at):
    enqueue_once(DAILY)
    worker, asked = ScheduledWorker(interval=0), []
    found = worker.claim()

    def look():
        try:
            asked.append((take_back(), DBTaskResult.objects.get().status))
        finally:
            connection.close()

    def ask():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    ask()
    work_lock(found.pk, is_held=False)  # as when its connection ends
    ask()

    assert asked == [(0, "RUNNING"), (1, "READY")]


@pytest.mark.django_db
def test_task_that_takes_its_worker_along_each_time_is_given_up(at):
    enqueue_once(DAILY)
    DBTaskResult.objects.update(status="RUNNING", started_at=at, worker_ids=["w"] * MOST_STARTS)

    assert take_back() == 0

    assert states() == {TaskResultStatus.FAILED}


@pytest.mark.django_db
def test_daily_job_that_failed_is_tried_again_soon(monkeypatch, now, caplog):
    monkeypatch.setattr("luukku.search.actions.forget_misses", lambda *, before: 1 / 0)
    call_command("worker", "--once")
    assert "forget_misses state=FAILED" in caplog.text

    later = timezone.now()
    assert "forget_misses" not in enqueue_due(at=later + timedelta(minutes=9))
    assert "forget_misses" in enqueue_due(at=later + timedelta(minutes=11))
    assert "tidy" not in enqueue_due(at=later + timedelta(minutes=12))


@pytest.mark.django_db
def test_work_that_somebody_asked_for_and_that_failed_is_tried_again_but_not_for_ever():
    enqueue(ASKED_FOR, "not even sealed")

    for start in range(1, MOST_STARTS + 1):
        DBTaskResult.objects.filter(task_path=ASKED_FOR).update(run_after=timezone.now())
        call_command("worker", "--once")
        call_command("worker", "--once")  # not at once
        task = DBTaskResult.objects.get(task_path=ASKED_FOR)
        assert len(task.worker_ids) == start
        assert task.status == ("FAILED" if start == MOST_STARTS else "READY")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_killed_outright_leaves_the_letter_to_the_next(manage, now):
    """SIGKILL while the mail server keeps us waiting; the next worker sends under the same Message-ID."""
    letter = write_letter(now)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and never says a word
        port = silent.getsockname()[1]
        process = manage("worker", "--once", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        eventually(lambda: DBTaskResult.objects.filter(task_path=SEND, status="RUNNING").exists())
        process.kill()
        process.wait(timeout=patience.SECONDS)
    assert Letter.objects.get(pk=letter.pk).sent_at is None

    output, _nothing = manage("worker", "--once").communicate(timeout=patience.SECONDS)

    assert output.count(f"Message-ID: {letter.message_id}") == 1
    assert Letter.objects.get(pk=letter.pk).sent_at is not None


@pytest.mark.django_db
def test_work_that_is_put_off_keeps_nobody_from_queueing_it_now(now):
    enqueue_later(SEND, after=now + timedelta(seconds=10))

    assert enqueue_once(SEND)
    assert not enqueue_once(SEND)
    assert DBTaskResult.objects.filter(task_path=SEND).count() == 2
