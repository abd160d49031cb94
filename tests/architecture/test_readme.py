"""README tells the truth about the commands."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_readme_commands_exist_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set()
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        named |= set(re.findall(r"\bmake ([a-z-]+)", page.read_text()))

    assert {"run", "test"} <= named
    assert named - targets == set()
