"""Tests wait for what they await: none of them needs a quiet machine."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# A length of time of the test's own choosing, and a port that somebody else may take before it is used.
HASTE = re.compile(
    r"\btimeout=[\d.]+|set_default_timeout\(\d|^\s*time\.sleep\((?!0\.05\))|\.bind\(\(", re.M
)


def test_no_test_is_in_haste():
    found = {
        str(path.relative_to(TESTS)): HASTE.findall(path.read_text())
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__)
    }

    assert {path: hits for path, hits in found.items() if hits} == {}


def test_no_test_asks_for_a_group():
    """pytest 9.2 forgets the groups of xdist 3.8 without a word: both workers would make what the group shares."""
    found = [
        str(path.relative_to(TESTS))
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__) and "xdist_group" in path.read_text()
    ]

    assert found == [], "A file is handed out whole: put what shares a set-up into one."
