"""What must be there is there, or is told at once."""

import pytest

from luukku.core.known import known


@pytest.mark.parametrize("value", [0, "", [], "text"])
def test_known_gives_back_what_is_there_also_when_it_is_empty(value):
    assert known(value) == value


def test_known_tells_at_once_what_is_missing():
    with pytest.raises(ValueError, match="must be there"):
        known(None)
