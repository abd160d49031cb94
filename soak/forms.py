"""Send 10,000 forms of all roles with whatever may stand in them: ``soak/forms.py [N] [SEED]``.

The demo world is made in a database of its own, which is gone at the end: what lies encrypted in another one was
written with another key. Every failure is printed with its seed; the last line tells how many passed.
"""

import io
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luukku.config.settings.test")
FOLDER = os.environ["LUUKKU_VAR"] = tempfile.mkdtemp(prefix="luukku-")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- the settings come first
from django.db import transaction  # noqa: E402 -- the settings come first
from django.template import engines  # noqa: E402 -- the settings come first

from tests.web.kit.forms.found import PEOPLE, walk  # noqa: E402 -- the settings come first
from tests.web.kit.forms.fuzz import submissions  # noqa: E402 -- the settings come first


def soak(most: int, seed: str) -> int:
    """Send ``most`` forms; return how many were answered wrongly."""
    passed = failed = 0
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        call_command("load_reference", stdout=io.StringIO())
        call_command("load_demo", experts=14, orders=14, stdout=io.StringIO())
        for who in PEOPLE:
            for sent in submissions(walk(who), seed=seed, most=most // len(PEOPLE) + 1):
                if sent.wrong:
                    failed += 1
                    print(f"{who} {sent.url}: {sent.wrong} (seed {seed})", flush=True)
                else:
                    passed += 1
        transaction.set_rollback(True)
    print(f"{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    engines["django"].engine.string_if_invalid = ""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    try:
        wrong = soak(number, sys.argv[2] if len(sys.argv) > 2 else "forms")
    finally:
        call_command("stop_database")
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(1 if wrong else 0)
