"""Foreign keys and templates point downwards, as imports do (pyproject.toml holds those)."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def contract(name):
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    return next(c for c in tools["importlinter"]["contracts"] if c["id"] == name)


def rows_of_layers():
    return contract("apps")["layers"]


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


def test_layers_above_accounts_and_organisations_are_closed_to_the_kit():
    """A new app above them belongs into ``forbidden_modules`` of the contract "kit" in pyproject.toml."""
    height = layers()
    above = {name for name in height if height[name] > height["organisations"]} | {"taxonomy"}

    assert {*contract("kit")["forbidden_modules"]} == {
        f"luukku.{name}" for name in above - {"config", "web"}
    }


def test_templates_of_ui_and_parts_name_none_above_them():
    """What a surface's template is needed for in parts or ui is moved down, or passed in as a name."""
    rows = ["(?:counter|expert|orderer|public)", "parts", "ui"]
    wrong = [
        f"{file.relative_to(ROOT)}: {name}"
        for n, row in enumerate(rows[1:], 1)
        for file in sorted((ROOT / "luukku/web" / row).rglob("*.html"))
        for name in re.findall(rf"[\"'](?:{'|'.join(rows[:n])})/[\w/]+\.html", file.read_text())
    ]

    assert wrong == []


def test_surfaces_keep_their_templates_in_folders_by_noun():
    """Only the frame of a surface and what all its pages share lies at the top: see architecture.md."""
    shared = {
        "counter": {"_choose_same.html", "_same.html", "_top.html", "list.html", "new.html"},
        "expert": {"base.html", "desk.html"},
        "orderer": {"desk.html"},
        "public": {"_also_waiting.html", "_head.html", "welcome.html"},
    }
    found = {
        surface: {
            file.name
            for file in (ROOT / f"luukku/web/{surface}/templates/{surface}").glob("*.html")
        }
        for surface in shared
    }

    assert found == shared
