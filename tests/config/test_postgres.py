"""The embedded PostgreSQL: what a crash left half written does not stop the next start."""

import os

import psutil
import pytest
from django.conf import settings

from luukku.config.postgres import mend

LOCKS = ["postmaster.pid", ".s.PGSQL.5432.lock"]


@pytest.mark.parametrize("left", ["", "[12, 3", "not json"])
def test_mend_drops_a_list_of_users_that_was_cut_off(tmp_path, left):
    (tmp_path / ".handle_pids.json").write_text(left)

    mend(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_mend_keeps_a_whole_list_of_users(tmp_path):
    (tmp_path / ".handle_pids.json").write_text("[12, 3]")

    mend(tmp_path)

    assert (tmp_path / ".handle_pids.json").read_text() == "[12, 3]"


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(
    "pid", ["", "99999999", str(os.getpid())], ids=["cut off", "gone", "somebody else's"]
)
def test_mend_drops_the_lock_of_a_server_that_is_gone(tmp_path, name, pid):
    (tmp_path / name).write_text(f"{pid}\n{tmp_path}\n")

    mend(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", LOCKS)
def test_mend_keeps_the_lock_of_a_server_that_runs(tmp_path, name):
    running = [p.pid for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres"]
    (tmp_path / name).write_text(f"{running[0]}\n{tmp_path}\n")

    mend(tmp_path)

    assert (tmp_path / name).exists()


def test_mend_leaves_the_tests_own_server_alone():
    folder = settings.LUUKKU_VAR / "pg"
    before = {p.name for p in folder.iterdir()} if folder.exists() else set()

    mend(folder)

    assert before <= ({p.name for p in folder.iterdir()} if folder.exists() else set())
