"""Every text is translated into Finnish and Swedish, and the catalogues know every text."""

import ast
import os
import re
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

    untold = [entry.msgid for entry in po if not entry.translated() or entry.fuzzy]
    assert untold == [], f"Translate these in locale/{language}/LC_MESSAGES/django.po."


def finnish_texts():
    """Yield each Finnish text that people read: of the catalogue, the pages and the kinds of tasks."""
    for entry in polib.pofile(str(ROOT / "locale" / "fi" / "LC_MESSAGES" / "django.po")):
        yield from (entry.msgstr, *entry.msgstr_plural.values())
    for page in (ROOT / "luukku" / "content" / "data" / "fi").rglob("*.md"):
        yield from page.read_text(encoding="utf-8").splitlines()
    yield from (
        (ROOT / "luukku" / "taxonomy" / "data" / "task_types_fi.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )


@pytest.mark.parametrize(
    ("other_word", "ours"),
    [
        (r"(?<!Y-)\btunnu(s|ks|sta)", "käyttäjätili"),  # of an account; a Y-tunnus is a number
        (r"\btarjou(s|kse|ksi)", "tehtäväehdotus"),
        (r"yhdyshenkilö", "yhteyshenkilö"),
        (r"(?<!muiden )(?<!muita )(?<!ulkopuolinen )\basiantuntij", "kokemusasiantuntija"),
    ],
)
def test_finnish_has_one_word_for_a_thing(other_word, ours):
    """The region changes only the long word, and a bare "asiantuntija" is a professional in everyday Finnish."""
    found = [text for text in finnish_texts() if re.search(other_word, text, re.IGNORECASE)]

    assert found == [], ours


def test_finnish_has_a_comma_before_a_clause_with_before():
    found = [text for text in finnish_texts() if re.search(r"\w ennen kuin", text)]

    assert found == []


def calls_of_gettext(path):
    """Yield each literal msgid in a file, whatever name gettext goes by there, inside f-strings too."""
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
            yield node.args[0].value


def test_words_that_xgettext_would_miss_are_in_the_catalogue():
    po = polib.pofile(str(ROOT / "locale" / "fi" / "LC_MESSAGES" / "django.po"))
    known = {entry.msgid for entry in po}

    found = {word for path in (ROOT / "luukku").rglob("*.py") for word in calls_of_gettext(path)}

    assert len(found) > 300
    assert sorted(found - known) == [], (
        "Run: make messages; then translate in locale/fi and locale/sv."
    )


@pytest.mark.slow
def test_words_in_the_code_are_all_in_the_catalogues(tmp_path):
    shutil.copytree(
        ROOT / "luukku", tmp_path / "luukku", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "fi", "--no-location"]
    # An address of a database, so that the copy's settings do not start a server that nobody stops.
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@/nothing"}
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=environment)

    found = {key(e) for e in polib.pofile(str(tmp_path / "locale/fi/LC_MESSAGES/django.po"))}

    for language in ("fi", "sv"):
        po = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
        missing = sorted(k[1] for k in found - {key(e) for e in po})
        assert missing == [], f"Run: make messages; then translate in locale/{language}."
