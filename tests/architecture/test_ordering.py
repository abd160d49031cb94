"""Names are listed in Finnish order: every ``order_by`` of a name goes through ``core.ordering.in_finnish``."""

import ast
import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2] / "luukku"
NAME = re.compile(r"^-?(\w+__)*(\w+_)?(name|title)(_fi|_sv|_en)?$")


def plain_names(tree: ast.AST) -> list[int]:
    """Return the lines where rows are ordered by a name as the database would."""
    return [
        word.lineno
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "order_by"
        for word in call.args
        if isinstance(word, ast.Constant) and NAME.match(str(word.value))
    ]


def test_every_order_of_names_is_finnish():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in ROOT.rglob("*.py")
        if "migrations" not in path.parts
        for line in plain_names(ast.parse(path.read_text()))
    ]

    assert found == []


def test_no_model_orders_by_a_plain_name():
    ours = [model for model in apps.get_models() if model.__module__.startswith("luukku.")]

    assert [m for m in ours if any(NAME.match(str(field)) for field in m._meta.ordering)] == []
