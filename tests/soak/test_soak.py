"""`make soak` in small: the same scripts for a moment, and a runner that lets no failure pass."""

import subprocess
import sys
from pathlib import Path

import pytest

from soak.house import Tally, form_with

ROOT = Path(__file__).resolve().parents[2]


def run(*command, **more):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **more)
    return done, done.stdout.splitlines()[-1] if done.stdout else done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    ["crash --experts 8 --orders 6 --kills 3", "races --rounds 1 --experts 6"],
)
def test_soak_in_small_finds_nothing_lost(script):
    done, last = run(sys.executable, "-m", *f"soak.{script}".split())

    assert (done.returncode, last.rpartition(" passed, ")[2]) == (0, "0 failed"), (
        done.stdout + done.stderr
    )


@pytest.mark.parametrize(
    "code, expected",
    [
        ("print('3 passed, 0 failed')", "3 passed, 0 failed"),
        ("print('3 passed, 1 failed')", "FAILED"),
        ("print('3 passed, 0 failed'); raise SystemExit(1)", "FAILED"),
        ("print('all is well')", "FAILED"),
        ("pass", "FAILED"),
        ("import time; print('3 passed, 0 failed', flush=True); time.sleep(600)", "FAILED"),
    ],
)
def test_runner_believes_only_a_script_that_says_so_and_ends(tmp_path, code, expected):
    (tmp_path / "bin").mkdir()
    (tmp_path / "soak").mkdir()
    (tmp_path / "bin" / "soak").write_text((ROOT / "bin" / "soak").read_text())
    (tmp_path / "soak" / "house.py").write_text("print('shared, not run')")
    (tmp_path / "soak" / "one.py").write_text(code)
    is_hanging = "sleep" in code
    environment = {"SOAK_SECONDS": "2" if is_hanging else "60", "PATH": "/usr/bin:/bin"}

    done, last = run(sys.executable, str(tmp_path / "bin" / "soak"), env=environment)

    assert last == f"soak/one.py: {expected}"
    assert done.returncode == (0 if expected != "FAILED" else 1)


def test_tally_says_the_sum_and_fails_on_one_or_none(capsys):
    tally = Tally()
    assert tally.end() == 1
    tally.check("one", True)
    assert tally.end() == 0
    tally.check("other", False, 7)
    assert tally.end() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_form_is_read_as_a_browser_sends_it():
    text = """<form><input name="q"></form><form method="post"><input type="hidden" name="t" value="1">
    <input type="radio" name="time" value="5"><input type="radio" name="time" value="6">
    <button name="accept" value="1">Yes</button><button name="decline" value="1">No</button></form>"""

    assert form_with(text, "accept") == [("t", "1"), ("time", "5"), ("accept", "1")]
    assert form_with(text, "nothing") is None
