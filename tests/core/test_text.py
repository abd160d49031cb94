"""Text from people: what it means stays."""

import pytest

from luukku.core.counter import Counter
from luukku.core.text import clean, key_in, number_in, tel
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


@pytest.mark.parametrize(
    "text",
    [
        "\u200b",
        " \u2060\u00ad\n",
        "\u3164\u2800",
        "\ufeff\u200d\ufe0f",
        "\u0301",
        "\u200e\U000e0067",
    ],
)
def test_text_in_which_nothing_can_be_seen_is_empty(text):
    assert clean(text) == ""


@pytest.mark.parametrize("text", ["Å", "–", "❤\ufe0f", "نام\u200cها", " Aino Aalto "])
def test_text_in_which_something_can_be_seen_stays(text):
    assert clean(text) == text


def test_soft_hyphens_that_a_page_has_put_into_a_word_go():
    assert clean("asun\u00adnot\u00adto\u00admuus") == "asunnottomuus"


@pytest.mark.parametrize(
    ("text", "key"),
    [("45", 45), ("0", 0), ("9" * 17, 10**17 - 1), ("9" * 18, None), ("9" * 5000, None), ("-1", None), ("٣", None), ("", None)],
)  # fmt: skip
def test_a_key_is_what_a_row_may_have(text, key):
    assert key_in(text) == key


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("45", 45), ("#45", 45), ("Tilaus 45", 45), ("tilaus #45", 45), ("TILAUS45", 45), ("9" * 17, int("9" * 17)),
        ("045", None), ("9" * 18, None), ("kysymys 45", None), ("45 45", None), ("#", None), ("", None),
    ],
)  # fmt: skip
def test_number_is_read_after_the_words_that_may_stand_before_it(words, number):
    assert number_in(words, {"", "tilaus"}) == number
