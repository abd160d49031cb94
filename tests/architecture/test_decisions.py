"""Decisions are numbered one by one: a number names one of them, and so does its heading."""

import re
from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[2] / "docs/decisions").glob("*.md"))


def test_each_number_names_one_decision_and_none_is_left_out():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_a_heading_has_the_number_of_its_file():
    headings = [re.match(r"# (\d+)( ·|\.) ", path.read_text()) for path in DECISIONS]

    assert [int(found[1]) for found in headings] == [int(path.name[:4]) for path in DECISIONS]
