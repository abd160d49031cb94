"""Whoever lets a rule pass says why, where it is done."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LET_PASS = re.compile(r"# noqa\b(?!: [A-Z][A-Z0-9]+(, [A-Z][A-Z0-9]+)* +(-- |# )\S)")


def without_reason(text):
    return [line.strip() for line in text.splitlines() if LET_PASS.search(line)]


def test_every_rule_that_is_let_pass_in_a_line_has_its_reason():
    files = (
        path for folder in ("luukku", "tests", "bench", "soak", "bin") for path in (ROOT / folder).rglob("*.py")
    )  # fmt: skip
    bad = {str(path.relative_to(ROOT)): found for path in files
           if path != Path(__file__) and (found := without_reason(path.read_text()))}  # fmt: skip

    assert bad == {}, (
        "Say why after the rule: `# noqa: S608 -- only our own words are put together`."
    )


def test_every_rule_that_is_let_pass_in_a_folder_or_everywhere_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    ignored = text[text.index("[tool.ruff") :]
    lines = re.findall(r'^"[^"]+" = \[.*$', ignored, flags=re.M)

    assert len(lines) > 5
    assert [line for line in lines if not re.search(r"\]  # \S", line)] == []


def test_rule_without_a_reason_is_seen():
    said = "x = 1  # noqa: S608 -- ours\ny = 2  # noqa: E501, S608 # wide\n"
    unsaid = "a = 1  # noqa\nb = 2  # noqa: S608\nc = 3  # noqa: S608 --\n"

    assert without_reason(said) == []
    assert without_reason(unsaid) == [line for line in unsaid.splitlines() if line]
