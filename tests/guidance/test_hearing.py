"""What strangers wrote, in distress or not, is heard as it was labelled; what is not is known by name."""

from collections import Counter
from pathlib import Path

import pytest

from luukku.core.distress import Sign, signs_of

LINES = (Path(__file__).parent / "data" / "distress_eval.tsv").read_text().splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]
SIGNS = {
    "suicide": {Sign.SUICIDE},
    "selfharm": {Sign.SUICIDE},
    "crisis": {Sign.CRISIS},
    "violence": {Sign.VIOLENCE},
    "sexual": {Sign.VIOLENCE},
    "child": {Sign.VIOLENCE},
    "acute": {Sign.SUBSTANCES, Sign.HEALTH},
    "need": {Sign.NEED},
}
# Bare "homeless" is a theme of experience that orders are made by; who says "I am", "tonight" is heard.
MISSED = {
    "kys ittes",
    "pitää päästä puhumaan jollekin tänä yönä",
    "asunnoton",
    "hemlös",
    "homeless",
}
FALSE_ALARMS = {"våldsamt intressant"}
OF_ANOTHER_KIND = {"psykoosissa nyt, mihin soittaa"}  # heard as a crisis, which it is, too


def test_list_is_long_enough_to_tell():
    count = Counter((number, expected) for number, expected, *_others in ROWS)

    assert count["1", "yes"] == 358
    assert count["1", "no"] + count["1", "either"] == 182


@pytest.mark.slow
def test_all_distress_is_heard_but_what_is_known_by_name():
    missed = {
        text for _n, expected, *_kind, text in ROWS if expected == "yes" and not signs_of(text)
    }

    assert missed == MISSED


def test_ordinary_words_bring_no_box_but_those_known_by_name():
    heard = {text for _n, expected, *_kind, text in ROWS if expected == "no" and signs_of(text)}

    assert heard == FALSE_ALARMS


@pytest.mark.slow
def test_distress_is_heard_as_what_it_is():
    others = {
        text
        for _n, expected, _language, kind, text in ROWS
        if expected == "yes" and signs_of(text) and not signs_of(text) & SIGNS[kind]
    }

    assert others == OF_ANOTHER_KIND
