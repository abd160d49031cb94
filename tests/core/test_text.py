"""Text from people: what it means stays."""

import pytest

from luukku.core.counter import Counter
from luukku.core.text import tel
from luukku.guidance.models import HelpLine
from luukku.web.ui.templatetags import ui


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+358 2 123-4567", "tel:+35821234567"),
        ("040 123 45 67", "tel:0401234567"),
        ("02\N{NO-BREAK SPACE}1", "tel:021"),
        ("", ""),
        ("ei ole", ""),
    ],
)
def test_number_becomes_a_link_that_calls_it_or_none(number, link):
    made = [
        tel(number),
        ui.tel(number),
        HelpLine(number=number).call,
        Counter(name="", phone=number, hours="", email="").call,
    ]

    assert made == [link] * 4
