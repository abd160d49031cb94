"""README tells the truth about the commands."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_readme_commands_exist_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set()
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        named |= set(re.findall(r"\bmake ([a-z-]+)", page.read_text()))

    assert {"run", "test"} <= named
    assert named - targets == set()


def test_run_serves_and_writes_its_links_at_the_port_it_is_given():
    planned = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "run", "PORT=8105"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    steps = [line for line in planned if "manage.py" in line]
    assert [re.findall(r"LUUKKU_BASE_URL=(\S+)", step) for step in steps] == [
        ["http://127.0.0.1:8105"],
        ["http://127.0.0.1:8105"],
    ]
    assert steps[-1].endswith("serve --port 8105 --with-worker")
