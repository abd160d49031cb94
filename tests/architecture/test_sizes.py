"""A file over 400 lines becomes a package of its name, parted by noun or by act."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400


def lines_of(file):
    return len(file.read_text().splitlines())


def test_no_file_is_longer_than_a_person_reads_at_once():
    files = [p for p in (ROOT / "luukku").rglob("*.py") if "migrations" not in p.parts]
    long = {str(p.relative_to(ROOT)): lines_of(p) for p in files if lines_of(p) > MOST_LINES}

    assert long == {}, f"Over {MOST_LINES} lines: make a package of the same name, by noun or act."
