"""One act, one name: every act has a rule, an action and a test; every Move words."""

import ast
import importlib
from pathlib import Path

import pytest
import rules
from django.apps import apps
from django.utils import translation

from luukku.workflow.models import Stateful
from luukku.workflow.states import ACTS, MOVES

ROOT = Path(__file__).resolve().parents[2]
for config in apps.get_app_configs():
    if config.name.startswith("luukku.") and (Path(config.path) / "rules.py").exists():
        importlib.import_module(f"{config.name}.rules")


def constant_of(move):
    states = importlib.import_module(f"luukku.{move.name.split('.')[0]}.states")
    return next(name for name, value in vars(states).items() if value is move)


def actions_of(move):
    """Return the names of the functions that make the move, in any app's actions."""
    constant, app = constant_of(move), move.name.split(".")[0]
    home = ROOT / "luukku" / app
    files = [*home.glob("actions.py"), *home.glob("actions/*.py")]
    trees = [ast.parse(file.read_text()) for file in files]
    return [
        node.name.lstrip("_")
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(n, ast.Name) and n.id == constant for n in ast.walk(node))
    ]


@pytest.mark.parametrize("name", sorted(ACTS))
def test_act_has_a_rule(name):
    assert rules.perm_exists(name)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_act_has_an_action_and_a_test(name):
    move = ACTS[name]
    functions = actions_of(move)
    tests = "".join(p.read_text() for p in (ROOT / "tests").rglob("test_*.py"))

    assert functions
    assert any(
        text in tests for function in functions for text in (f"{function}(", f'"{function}"', name)
    )


@pytest.mark.parametrize("name", sorted(MOVES))
def test_move_leads_to_a_state_with_words(name):
    app = name.split(".")[0]
    models = [m for m in apps.get_app_config(app).get_models() if issubclass(m, Stateful)]
    labels = {value: label for m in models for value, label in m._meta.get_field("state").choices}

    with translation.override("fi"):
        finnish = str(labels[MOVES[name].target])
    with translation.override("en"):
        assert finnish != str(labels[MOVES[name].target])
