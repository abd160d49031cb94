"""Foreign keys point downwards, as imports do (pyproject.toml holds those)."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def rows_of_layers():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return next(c for c in contracts if c["id"] == "apps")["layers"]


def layers():
    rows = rows_of_layers()
    return {name.strip(): len(rows) - n for n, row in enumerate(rows) for name in row.split("|")}


def test_layers_foreign_keys_point_downwards():
    height, wrong = layers(), []
    for model in apps.get_models():
        if not model.__module__.startswith("luukku."):
            continue
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model
            # The user model is named by the settings, not imported: Django's own way to stand below it.
            if target._meta.label == settings.AUTH_USER_MODEL:
                continue
            if not target.__module__.startswith("luukku."):
                continue  # a library's: below all of ours
            if height[target._meta.app_label] > height[model._meta.app_label]:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")

    assert wrong == []


def test_layers_name_every_app():
    assert {
        c.name.split(".")[1] for c in apps.get_app_configs() if c.name.startswith("luukku.")
    } <= {
        *layers(),
        "web",
    }


def test_layers_are_those_that_the_explanation_names():
    page = (ROOT / "docs/explanation/architecture.md").read_text()

    said = re.search(r"Apps stand in layers \(.*?\):\s+(.*?)\.\s", page, re.S)[1]

    assert [row.strip() for row in said.split(">")] == rows_of_layers()
