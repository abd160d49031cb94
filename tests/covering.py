"""Notes which lines and branches of the domain the tests run: a plugin, ``pytest -p tests.covering``.

Slipcover puts a probe before each line as the domain is imported, and takes out again what has told enough. So a
test takes hardly longer than unmeasured; a tracer, which Python asks at every step, would nearly double its time.
Each process leaves a file of its own, and ``bin/check_coverage`` reads them all.
"""

import json
import os
from pathlib import Path

import slipcover

ROOT = Path(__file__).resolve().parents[1]
FILES = ".coverage.*.json"
DOMAIN = [
    str(path.parent)
    for path in sorted(ROOT.glob("luukku/*/__init__.py"))
    if path.parent.name not in {"config", "web"}
]
LEFT_OUT = ["*/migrations/*"]

_seen = slipcover.Slipcover(
    branch=True, source=DOMAIN, omit=LEFT_OUT, exclude_also=["raise NotImplementedError", r"\.\.\.$"]
)  # fmt: skip
# At once, not in a hook: Django imports the domain before the first hook of a plugin is called.
slipcover.ImportManager(_seen, slipcover.FileMatcher(sources=DOMAIN, omit=LEFT_OUT)).__enter__()


def pytest_configure(config):
    """Forget what the last run left; the workers begin after this."""
    if not hasattr(config, "workerinput"):
        for path in ROOT.glob(FILES):
            path.unlink()


def pytest_sessionfinish():
    """Leave what this process has seen."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    (ROOT / FILES.replace("*", worker)).write_text(json.dumps(_seen.get_coverage()))
