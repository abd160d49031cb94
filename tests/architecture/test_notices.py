"""A kind of letter that nobody ever writes is a promise that no code keeps."""

import re
from pathlib import Path

import pytest

from luukku.notices.notice import KINDS

ROOT = Path(__file__).resolve().parents[2]
CONCRETE = [notice for _kind, notice in sorted(KINDS.items()) if not notice.__subclasses__()]
CODE = {
    file: file.read_text()
    for file in sorted((ROOT / "luukku").rglob("*.py"))
    if "notices" not in file.relative_to(ROOT / "luukku").with_suffix("").parts[1:]
}


@pytest.mark.parametrize("notice", CONCRETE, ids=lambda notice: notice.kind)
def test_every_kind_of_letter_is_told(notice):
    name, app = notice.__name__, notice.__module__.split(".")[1]
    used = [
        file for file, text in CODE.items() if re.search(rf"(?<!import )\b{name}\b[(,\]}})]", text)
    ]

    assert used, f"Nothing tells {name}: call tell({name}(…), to=…, at=at) in luukku/{app}/actions."
