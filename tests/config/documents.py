"""The documents of ``docs/reference/spec.md``, and loading one as outside scripts do."""

import io
import json
import re
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def documented():
    """Return the page's documents: a small one, and one with everything."""
    page = (ROOT / "docs/reference/spec.md").read_text()
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.S)]


def load(document, folder):
    """Return what ``load_spec`` prints for a document."""
    file, out = folder / "spec.json", io.StringIO()
    file.write_text(json.dumps(document))
    call_command("load_spec", str(file), stdout=out)
    return json.loads(out.getvalue())
