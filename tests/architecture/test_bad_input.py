"""What `docs/reference/bad-input.md` promises is held by tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/bad-input.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_case_names_a_test():
    cases = [
        line
        for line in PAGE.splitlines()
        if line.startswith("| ") and "| What happens |" not in line
    ]

    assert [case for case in cases if not re.search(r"`tests/[\w/]+\.py::\w+`", case)] == []
    assert len(cases) >= 20


def test_every_test_that_is_named_is_there():
    gone = [
        f"{file}::{name}" for file, name in NAMED if f"def {name}(" not in (ROOT / file).read_text()
    ]

    assert gone == []
