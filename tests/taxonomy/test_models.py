"""What the database refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from luukku.taxonomy.models import (
    Distance,
    Language,
    Municipality,
    TaskType,
    Theme,
    ThemeSynonym,
)

pytestmark = pytest.mark.django_db


def refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.parametrize("latitude", [58.9, 71.1])
def test_a_municipality_lies_in_finland_from_south_to_north(latitude):
    refuses(
        "municipality_latitude",
        lambda: Municipality.objects.filter(code="609").update(latitude=latitude),
    )


@pytest.mark.parametrize("longitude", [18.9, 32.1])
def test_a_municipality_lies_in_finland_from_west_to_east(longitude):
    refuses(
        "municipality_longitude",
        lambda: Municipality.objects.filter(code="609").update(longitude=longitude),
    )


def test_a_municipality_ends_after_it_begins():
    pori = Municipality.objects.filter(code="609")

    refuses("municipality_validity", lambda: pori.update(valid_to=date(2020, 12, 31)))


@pytest.mark.parametrize(
    "valid_from, valid_to, is_current",
    [
        (None, None, True),
        (date(2026, 12, 1), None, True),
        (date(2026, 12, 2), None, False),
        (None, date(2026, 12, 1), True),
        (None, date(2026, 11, 30), False),
    ],
)
def test_current_are_those_that_exist_on_the_day(valid_from, valid_to, is_current):
    Municipality.objects.create(code="999", name_fi="Koe", valid_from=valid_from, valid_to=valid_to)

    assert Municipality.objects.current(date(2026, 12, 1)).filter(code="999").exists() is is_current


def test_a_successor_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        Municipality.objects.get(name_fi="Mäntyharju").delete()


def test_a_pair_has_one_distance():
    refuses(
        "one_distance_per_pair",
        lambda: Distance.objects.create(origin_id="609", destination_id="684", km=1),
    )


def test_a_theme_stands_in_a_known_group():
    refuses("theme_group", lambda: Theme.objects.filter(code="sleep").update(group="other"))


def test_a_theme_is_not_its_own_parent():
    sleep = Theme.objects.get(code="sleep")

    refuses("theme_not_own_parent", lambda: Theme.objects.filter(pk=sleep.pk).update(parent=sleep))


def test_a_word_leads_to_a_theme_once():
    word = ThemeSynonym.objects.filter(language="fi").order_by("pk").first()

    refuses(
        "one_synonym_per_word",
        lambda: ThemeSynonym.objects.create(theme=word.theme, language="fi", word=word.word),
    )


def test_a_word_is_in_a_language_of_ours():
    theme = Theme.objects.get(code="sleep")

    refuses(
        "synonym_language",
        lambda: ThemeSynonym.objects.create(theme=theme, language="de", word="Schlaf"),
    )


@pytest.mark.parametrize(
    "field, constraint", [("fee_unit", "task_type_fee_unit"), ("span", "task_type_span")]
)
def test_a_task_type_has_a_known_fee_unit_and_span(field, constraint):
    refuses(constraint, lambda: TaskType.objects.filter(code="talk").update(**{field: "other"}))


def test_bits_fit_a_mask_of_a_big_integer():
    refuses("task_type_bit", lambda: TaskType.objects.filter(code="talk").update(bit=63))
    refuses("language_bit", lambda: Language.objects.filter(code="fi").update(bit=63))
