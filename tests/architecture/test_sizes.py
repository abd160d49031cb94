"""A file over 400 lines becomes a package of its name; a function over 50 is parted by what it does in turn."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
MOST_OF_ONE = 50  # of a function, from its def to its end
FILES = [p for p in (ROOT / "luukku").rglob("*.py") if "migrations" not in p.parts]


def lines_of(file):
    return len(file.read_text().splitlines())


def functions_of(file):
    """Each function and method of ``file``, and how many lines it has."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT)}::{node.name}", node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_a_person_reads_at_once():
    long = {str(p.relative_to(ROOT)): lines_of(p) for p in FILES if lines_of(p) > MOST_LINES}

    assert long == {}, f"Over {MOST_LINES} lines: make a package of the same name, by noun or act."


def test_no_function_is_longer_than_a_screen():
    long = {name: n for file in FILES for name, n in functions_of(file) if n > MOST_OF_ONE}

    assert long == {}, f"Over {MOST_OF_ONE} lines: give a step of it a name of its own."
