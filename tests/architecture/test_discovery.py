"""What an app says of itself is known from the start, whichever module happened to be imported."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATE = """
import importlib, pkgutil
import django
django.setup()
import luukku
from luukku.core.duty import KINDS as duties
from luukku.notices.notice import KINDS as notices

before = {*notices, *duties}
for module in pkgutil.walk_packages(luukku.__path__, "luukku."):
    if not any(part in module.name for part in (".migrations", ".settings", ".wsgi")):
        importlib.import_module(module.name)
print(len(duties), len(notices), *sorted({*notices, *duties} - before))
"""


def test_kinds_of_letters_and_duties_are_all_known_from_the_start():
    told = subprocess.run(
        [sys.executable, "-c", LATE],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "luukku.config.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )

    duties, letters, *late = told.stdout.split()
    assert late == [], (
        "Kinds belong into an app's notices.py or duties.py: luukku/config/apps.py finds them there."
    )
    assert int(duties) >= 20
    assert int(letters) >= 70
