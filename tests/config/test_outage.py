"""The embedded database killed under a site that serves: back by itself, and nobody reads a fault."""

import os
import signal
import time

import pytest

from luukku.config import postgres
from luukku.config.postgres import Keeper
from soak.house import Browser, House, wait_for
from tests.config.conftest import eventually


def test_keeper_starts_what_has_ended_until_it_is_stopped(tmp_path, monkeypatch, caplog):
    running, started = [True], []

    def start(_folder):
        started.append(1)
        if len(started) == 1:
            raise OSError("no space left, said the path of somebody")
        running[0] = True

    monkeypatch.setattr(postgres, "is_running", lambda _folder: running[0])
    monkeypatch.setattr(postgres, "start", start)
    keeper = Keeper(tmp_path, pause=0.01)
    running[0] = False

    eventually(lambda: running[0])
    keeper.stop()
    running[0] = False

    assert started == [1, 1]
    assert not keeper.watcher.is_alive()
    assert "cannot be started (OSError)" in caplog.text
    assert "answers again" in caplog.text


@pytest.mark.parametrize("left", ["", "99999999\n/somewhere\n"])
def test_running_is_only_what_runs(tmp_path, left):
    assert postgres.is_running(tmp_path) is False
    (tmp_path / "postmaster.pid").write_text(left)
    assert postgres.is_running(tmp_path) is False
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert postgres.is_running(tmp_path) is False  # a process, but no PostgreSQL


@pytest.mark.slow
def test_site_outlives_its_database_being_killed(house):
    """By SIGKILL of its first process, of one of the others, and by an ordinary stop."""
    reader = Browser(house.port)
    reader.cookies["sessionid"] = "x" * 32  # asks the database on every page
    assert reader.get("/fi/calls/").status == 200

    for end in ("first", "other", "stop"):
        seen = set()
        before = house.postgres()
        victim = before if end == "first" else before.children()[0]
        if end == "stop":
            before.send_signal(signal.SIGINT)
        else:
            os.kill(victim.pid, signal.SIGKILL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            answer = reader.get("/fi/calls/")
            seen.add(answer.status)
            if answer.status == 503:
                assert "<h1>Palaamme pian</h1>" in answer.text
                assert int(answer.headers["Retry-After"]) > 0
            elif end == "other" or house.postgres() not in (None, before):
                break
        assert seen <= {200, 503}
        house.wait_until_ready()
        assert reader.get("/fi/calls/").status == 200

    log = house.log.read_text()
    assert "is started again" in log
    assert "Traceback" not in log
    assert "password" not in log


@pytest.mark.slow
def test_worker_goes_on_after_the_outage(house):
    workers = {worker.pid for worker in house.workers()}
    house.postgres().kill()
    house.wait_until_ready()
    with house.connect() as connection:
        connection.execute("DELETE FROM workflow_turn WHERE name = 'tidy'")
        (before,) = connection.execute("SELECT now()").fetchone()

    def is_done():
        return house.rows(
            "SELECT 1 FROM django_tasks_database_dbtaskresult"
            " WHERE task_path LIKE %s AND status = 'SUCCESSFUL' AND finished_at > %s",
            "%.tidy",
            before,
        )

    wait_for(is_done, "the worker has done what was due")
    assert {worker.pid for worker in house.workers()} == workers  # nobody had to begin it again


@pytest.mark.slow
def test_nothing_keeps_the_database_after_the_site_was_stopped(house):
    assert house.stop() == 0
    house.manage("stop_database")

    assert not postgres.is_running(house.folder / "pg")


@pytest.fixture(scope="module")
def _house():
    with House() as house:
        yield house


@pytest.fixture
def house(_house):
    if _house.server is None:
        _house.serve()
    _house.wait_until_ready()
    return _house
