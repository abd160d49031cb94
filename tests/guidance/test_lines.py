"""Numbers to call at once: shipped once, kept by the counter, shown by what they help with."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from luukku.core.distress import Sign
from luukku.guidance.actions import load_help_lines
from luukku.guidance.models import HelpLine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lines():
    load_help_lines()


def phones(*signs, language="fi"):
    return [line.number for line in HelpLine.objects.for_signs(signs, language=language)]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        (Sign.SUICIDE, ["112", "09 2525 0111", "116 117", "116 111"]),
        (Sign.VIOLENCE, ["112", "09 2525 0111", "080 005 005", "116 006", "116 111"]),
        (Sign.SUBSTANCES, ["112", "0800 900 45", "0800 147 11", "116 117"]),
    ],
)
def test_lines_are_shown_by_what_they_help_with(sign, expected):
    assert phones(sign) == expected


@pytest.mark.parametrize(("language", "phone"), [("sv", "09 2525 0112"), ("en", "09 2525 0116")])
def test_lines_answer_in_the_readers_language(language, phone):
    assert phones(Sign.CRISIS, language=language)[1] == phone
    assert "09 2525 0111" not in phones(Sign.CRISIS, language=language)


def test_lines_have_names_and_hours_in_three_languages():
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            assert all(line.name and line.says for line in HelpLine.objects.all())
    assert HelpLine.objects.exclude(name_sv="").exclude(name_en="").count() == 10


def test_loading_again_keeps_what_the_counter_has_changed():
    HelpLine.objects.filter(code="112").update(says_fi="Aina.")
    HelpLine.objects.filter(code="mll").update(is_active=False)

    assert load_help_lines() == HelpLine.objects.count() == 10
    assert HelpLine.objects.get(code="112").says_fi == "Aina."
    assert "116 111" not in phones(Sign.CRISIS)


def test_unchecked_lines_are_those_never_checked_or_a_year_ago():
    today = date(2026, 12, 1)
    HelpLine.objects.filter(code="112").update(checked_on=date(2025, 12, 1))
    HelpLine.objects.filter(code="nollalinja").update(checked_on=date(2025, 12, 2))

    found = set(HelpLine.objects.unchecked(today).values_list("code", flat=True))

    assert found == {"112", "riku", "myrkytys", "paivystysapu", "mll"}


@pytest.mark.parametrize(
    "wrong", [{"number": "soita!"}, {"number": ""}, {"signs": ["hunger"]}, {"language": "de"}]
)
def test_database_refuses_a_line_that_cannot_be_right(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpLine.objects.filter(code="112").update(**wrong)


def test_line_is_called_by_its_digits():
    assert HelpLine(number="+358 9 2525 0111").call == "tel:+358925250111"
