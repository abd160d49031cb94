"""Every text is translated into Finnish and Swedish, and the catalogues know every text."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]


def key(entry):
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_words_are_all_translated(language):
    po = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))

    assert [entry.msgid for entry in po if not entry.translated() or entry.fuzzy] == []


@pytest.mark.slow
def test_words_in_the_code_are_all_in_the_catalogues(tmp_path):
    shutil.copytree(
        ROOT / "luukku", tmp_path / "luukku", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "fi", "--no-location"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    found = {key(e) for e in polib.pofile(str(tmp_path / "locale/fi/LC_MESSAGES/django.po"))}

    for language in ("fi", "sv"):
        po = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
        assert sorted(k[1] for k in found - {key(e) for e in po}) == []
