"""A tick stands for its row: where rows move, no browser may put ticks back by their place on the page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "luukku"


def boxes():
    for path in sorted(ROOT.rglob("templates/**/*.html")):
        for box in re.findall(r'<input\b[^>]*type="checkbox"[^>]*>', path.read_text(), re.DOTALL):
            yield str(path.relative_to(ROOT)), box


def test_ticks_of_rows_are_not_put_back_by_their_place():
    found = [
        (path, box) for path, box in boxes() if "{{" in box and " name=" in box.replace("\n", " ")
    ]
    assert len(found) >= 4
    wrong = [path for path, box in found if 'autocomplete="off"' not in box]
    assert wrong == [], (
        "After Back a browser ticks by place, so it may tick another row's box than was ticked:"
        ' give these boxes autocomplete="off"'
    )
