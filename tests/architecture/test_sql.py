"""SQL depends, too: each file that names tables of other apps lists them, and they lie below its own app.

The list is a comment in the file, so that it is read where the SQL is changed:
``-- Tables of other apps: experts_expert, orders_order`` (with ``#`` in Python; a line that goes on is indented).
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.test_layers import ROOT, layers

OWNER = {
    model._meta.db_table: model._meta.app_label
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("luukku.")
}
TABLE = re.compile(rf"\b({'|'.join(sorted(OWNER, key=len, reverse=True))})\b")
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|FROM|JOIN|TRIGGER|TABLE)\b")
LISTED = re.compile(r"^(?:--|#) Tables of other apps: (.*(?:\n(?:--|#)   .*)*)", re.M)
FILES = sorted([*(ROOT / "luukku").rglob("*.sql"), *(ROOT / "luukku").rglob("*.py")])


def texts_of(file):
    """Return what may be SQL in the file: no comments, no docstrings, no sentences."""
    if file.suffix == ".sql":
        return [re.sub(r"--[^\n]*", "", file.read_text())]
    tree = ast.parse(file.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
    return [text for text in strings if SQL.search(text) or TABLE.fullmatch(text)]


def tables_of_others(file):
    app = file.relative_to(ROOT / "luukku").parts[0]
    found = {table for text in texts_of(file) for table in TABLE.findall(text)}
    return {table for table in found if OWNER[table] != app}


def listed_in(file):
    match = LISTED.search(file.read_text())
    return set(re.findall(r"\w+", match[1])) if match else set()


NAMING = [file for file in FILES if tables_of_others(file) or listed_in(file)]


@pytest.mark.parametrize("file", NAMING, ids=lambda file: str(file.relative_to(ROOT)))
def test_sql_lists_the_tables_of_other_apps_that_it_names(file):
    named, listed = tables_of_others(file), listed_in(file)

    line = ", ".join(sorted(named))
    assert listed == named, f"Write into {file.name}: Tables of other apps: {line}"


@pytest.mark.parametrize("file", NAMING, ids=lambda file: str(file.relative_to(ROOT)))
def test_sql_names_only_tables_of_lower_apps(file):
    height, app = layers(), file.relative_to(ROOT / "luukku").parts[0]

    wrong = {t for t in listed_in(file) | tables_of_others(file) if height[OWNER[t]] >= height[app]}
    assert wrong == set(), f"{app} must not know these; the layers stand in pyproject.toml."


def test_sql_of_every_app_was_looked_at():
    assert any(Path(file).suffix == ".sql" for file in NAMING)
