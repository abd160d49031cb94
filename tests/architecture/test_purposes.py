"""What a person is asked for is what the code asks about: a box that nothing reads is a promise that nothing keeps."""

import re
from pathlib import Path

import pytest

from luukku.privacy.models import Purpose

ROOT = Path(__file__).resolve().parents[2] / "luukku"
# Where the purposes are named, worded and filled in; not where they are kept.
NAMED = ("privacy/models.py", "web/parts/experts/profile_forms/consents.py", "config/")


def readers(purpose: Purpose) -> list[str]:
    """Return the files whose code asks for the purpose."""
    asks = re.compile(rf"Purpose\.{purpose.name}\b|purpose = '{purpose.value}'")
    files = [path for path in ROOT.rglob("*") if path.suffix in {".py", ".sql"}]
    named = [str(path.relative_to(ROOT)) for path in files if asks.search(path.read_text())]
    return [name for name in named if not name.startswith(NAMED) and "/migrations/" not in name]


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_is_asked_about_by_code(purpose):
    assert readers(purpose), f"nothing asks for {purpose}"
