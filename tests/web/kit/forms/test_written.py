"""What is shown as written is what somebody wrote: no codes, marks or numbers of the machine."""

import pytest

from luukku.web.kit.refill import Filled


@pytest.mark.parametrize(
    ("name", "value", "is_shown"),
    [
        ("goal", "Kuulla toipumisesta", True),
        ("name", "Maija", True),
        ("words", "pääsee", True),
        ("email", "maija@esimerkki.test", True),
        ("organisation", "koulu", True),
        ("begun", "3f2c1d8e-0000-4000-8000-00000000abcd", False),
        ("kind", "wellbeing_county", False),
        ("number", "12", False),
        ("version", '{"municipality": "3f2c", "Reach": "A b"}', False),
        ("shown", "1764442800:Xk3J_a-B", False),
        ("keep_name", "Minun sanani", False),
        ("website", "", False),
    ],
)
def test_words_are_those_that_were_written(name, value, is_shown):
    assert Filled("/", [(name, [value])], []).words() == ([value] if is_shown else [])
