"""HTTP stays in ``luukku.web``: the domain knows neither requests nor answers."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HTTP = (
    "csp", "django.contrib.messages", "django.http", "django.middleware", "django.shortcuts",
    "django.template.response", "django.views", "wagtail.admin.views", "wagtail.snippets.views",
)  # fmt: skip


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_http_stays_out_of_the_domain():
    wrong = []
    for file in sorted((ROOT / "luukku").rglob("*.py")):
        if file.relative_to(ROOT / "luukku").parts[0] in {"web", "config"}:
            continue
        for name in imported(ast.parse(file.read_text())):
            if any(f"{name}.".startswith(f"{module}.") for module in HTTP):
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")

    assert wrong == [], "What answers over HTTP belongs into luukku/web; the domain returns facts."
